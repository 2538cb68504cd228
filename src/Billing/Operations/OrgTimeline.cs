using System.Globalization;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>Events, activations, reads from Stripe, checkouts, ledger entries and what operators did, in one order.</summary>
internal static class OrgTimeline
{
    /// <summary>The newest <paramref name="limit"/> of all, oldest first. Each kind is read by an index, however long its history is.</summary>
    public static async Task<IReadOnlyList<TimelineEntry>> ReadAsync(BillingDb db, string orgId, int limit, CancellationToken cancellationToken)
    {
        var events = await db.StripeEvents.AsNoTracking().Where(e => e.OrgId == orgId).OrderByDescending(e => e.CreatedAt).Take(limit)
            .Select(e => new { e.Id, e.Type, e.Outcome, e.Detail, e.Attempts, e.CreatedAt, e.ReceivedAt }).ToListAsync(cancellationToken);
        var activities = await db.Activities.AsNoTracking().Where(a => a.OrgId == orgId).OrderByDescending(a => a.HappenedAt).Take(limit)
            .ToListAsync(cancellationToken);
        var sessions = await db.CheckoutSessions.AsNoTracking().Where(s => s.OrgId == orgId).OrderByDescending(s => s.CreatedAt).Take(limit)
            .ToListAsync(cancellationToken);
        var entries = await db.CreditEntries.AsNoTracking().Where(e => e.OrgId == orgId).OrderByDescending(e => e.Number).Take(limit)
            .ToListAsync(cancellationToken);
        var acts = await db.Audit.AsNoTracking().Where(a => a.OrgId == orgId).OrderByDescending(a => a.CreatedAt).Take(limit).ToListAsync(cancellationToken);
        return [.. events.Select(e => new TimelineEntry(
                e.ReceivedAt, TimelineKind.Event, e.Id, $"{e.Type} of {Second(e.CreatedAt)}: {Words(e.Outcome)}{Because(e.Detail)}{Tried(e.Attempts)}"))
            .Concat(activities.Select(a => new TimelineEntry(a.HappenedAt, KindOf(a.Kind), a.Subject, a.Detail)))
            .Concat(sessions.Select(s => new TimelineEntry(
                s.CreatedAt, TimelineKind.Checkout, s.SessionId ?? s.Id.ToString("N"), $"{Offer(s)}: {EnumWords<CheckoutState>.Of(s.State)}")))
            .Concat(entries.Select(e => new TimelineEntry(e.CreatedAt, TimelineKind.Ledger, $"{e.Number}", Booking(e))))
            .Concat(acts.Select(a => new TimelineEntry(a.CreatedAt, TimelineKind.Operator, a.Subject, $"{a.Action} by {a.Actor}: {a.Reason}")))
            .OrderBy(entry => entry.At).ThenBy(entry => entry.Kind).ThenBy(entry => entry.Kind == TimelineKind.Ledger ? entry.Subject.Length : 0)
            .ThenBy(entry => entry.Subject, StringComparer.Ordinal).TakeLast(limit)];
    }

    private static TimelineKind KindOf(ActivityEntryKind kind) => kind == ActivityEntryKind.Activation ? TimelineKind.Activation : TimelineKind.StripeRead;

    private static string Words(EventOutcome outcome) => EnumWords<EventOutcome>.Of(outcome);

    private static string Because(string? detail) => detail is null ? "" : $", {detail}";

    private static string Tried(int attempts) => attempts < 2 ? "" : $" (tried {attempts} times)";

    private static string Second(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Offer(CheckoutSession session) => session.Kind == CheckoutKind.TopUp
        ? $"{session.Credits} credits"
        : $"plan {session.Plan} by the {EnumWords<BillingInterval>.Of(session.Interval!.Value)}";

    private static string Booking(CreditEntry entry) =>
        $"{EnumWords<CreditEntryKind>.Of(entry.Kind)} {entry.BalanceDelta:+0;-0;0} to {entry.BalanceAfter}"
        + (entry.DebtDelta == 0 ? "" : $", debt {entry.DebtDelta:+0;-0} to {entry.DebtAfter}")
        + (entry.Source is null ? "" : $", {entry.Source}") + (entry.Reason is null ? "" : $", \"{entry.Reason}\"");
}

/// <param name="At">When.</param>
/// <param name="Kind">What kind of thing happened.</param>
/// <param name="Subject">What it was about: an id of Stripe's, or the number of a ledger entry.</param>
/// <param name="What">In words.</param>
internal sealed record TimelineEntry(DateTimeOffset At, TimelineKind Kind, string Subject, string What);

/// <summary>In the order in which things of one instant are shown.</summary>
internal enum TimelineKind
{
    /// <summary>A payment page was offered.</summary>
    Checkout,

    /// <summary>An event came in, and what was decided on it.</summary>
    Event,

    /// <summary>A buyer came back from the payment page.</summary>
    Activation,

    /// <summary>A subscription or payment was read from Stripe.</summary>
    StripeRead,

    /// <summary>Credits were booked.</summary>
    Ledger,

    /// <summary>Somebody, or the reconciler, changed something.</summary>
    Operator,
}
