using System.Globalization;

namespace Billing.Operations;

/// <summary>Who changes something by hand, and why; both are kept in the audit.</summary>
/// <param name="Actor">Such as <c>key_...</c> for an operator's key or <c>cli:alice</c> for a user of the machine.</param>
/// <param name="Reason">In the operator's words.</param>
internal sealed record Operator(string Actor, string Reason)
{
    public const int MaxReasonLength = 500;

    /// <summary>What a reason must be, for people.</summary>
    public static readonly string ReasonRule = string.Create(
        CultureInfo.InvariantCulture, $"Say why: 1 to {MaxReasonLength} characters, not all blank and none of them a control character.");

    /// <summary>Whether the audit takes these words.</summary>
    public static bool IsReason(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxReasonLength && !text.Any(char.IsControl);

    /// <summary>
    /// Whoever runs a command on a machine that has the service's settings: as <c>BILLING_OPERATOR</c> names him, since in a container everybody
    /// is the same user; else the user's name. Cut to 100 characters.
    /// </summary>
    public static Operator OfCommand(string reason)
    {
        var name = Environment.GetEnvironmentVariable("BILLING_OPERATOR") is { } given && !string.IsNullOrWhiteSpace(given) ? given.Trim() : Environment.UserName;
        return new($"cli:{string.Concat(name.Where(c => !char.IsControl(c)).Take(100))}", reason);
    }
}
