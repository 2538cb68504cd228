using Billing.Authentication;
using Billing.Persistence;
using Billing.Status;

namespace Billing.Operations;

/// <summary>For the contract.</summary>
internal static class OpsExamples
{
    public static readonly DateTimeOffset Day = new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero);

    public static readonly EventSummary Event = new(
        "evt_1Q", "customer.subscription.updated", "acme", EventOutcome.Parked, "JsonException: a price without an id", 3, Day, Day, Day.AddMinutes(2));

    public static readonly KeyResponse Key = new("key_0199", Role.Owner, "acme", "backend", Day, RevokedAt: null);

    public static readonly OrgReport Org = new(
        "acme", "Acme GmbH", "billing@acme.example", "cus_1Q",
        new StatusResponse("pro", "active", BillingInterval.Monthly, Day.AddDays(30), CancelAtPeriodEnd: false, CancelAt: null, TrialEnd: null, Credits: 1480),
        Balance: 1480, Held: 0, Debt: 0, Version: 2,
        [new SubscriptionReport("sub_1Q", "active", "pro", "price_1Q", Day.AddDays(30), Day.AddDays(30), Day, Day, ReadDueAt: null, ReadAttempts: 0)],
        OpenCheckout: null, ParkedEvents: 0, LedgerWrong: "", Day);

    public static readonly Explanation Explanation = new(
        "acme",
        "acme has the plan pro, as its subscription sub_1Q is active, paid through 2026-12-21 09:30Z, and its period ends on 2026-12-21 09:30Z. "
            + "It can spend 1480 credits: 1000 of the plan and 480 of top-ups and gifts, less 0 held; it owes 0.",
        [
            new TimelineEntry(Day, TimelineKind.Event, "evt_1Q", "customer.subscription.created of 2026-11-21 09:30:00Z: applied"),
            new TimelineEntry(Day, TimelineKind.Ledger, "1", "grant +1000 to 1000, plan:1795253400:1000:1"),
        ]);
}
