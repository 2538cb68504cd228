using Billing.Persistence;

namespace Billing.Webhooks;

/// <summary>What a handler made of an event, and why.</summary>
internal sealed record EventDecision(EventOutcome Outcome, string? Detail = null)
{
    public static readonly EventDecision Applied = new(EventOutcome.Applied);

    /// <summary>Whether a person must look at it.</summary>
    public bool IsAlarm { get; init; }

    public static EventDecision Older(string detail) => new(EventOutcome.Older, detail);

    public static EventDecision Ignored(string detail) => new(EventOutcome.Ignored, detail);

    public static EventDecision Alarm(string detail) => new(EventOutcome.Applied, detail) { IsAlarm = true };

    public static EventDecision Parked(string detail) => new(EventOutcome.Parked, detail);

    public static EventDecision ReRead(string detail) => new(EventOutcome.ReRead, detail);
}
