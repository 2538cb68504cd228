using Billing.Ledger;

namespace Billing.Persistence;

/// <summary>
/// What an org has: one row, read by key. The standing (plan to trial end) is derived from the org's subscriptions in the same
/// transaction that changes one of them, see <see cref="Fulfilment.Standing"/>; the row is also the org's short lock.
/// </summary>
internal sealed class Org
{
    /// <summary>The SaaS's own id, 1 to 64 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Unique. Null until the first checkout.</summary>
    public string? StripeCustomerId { get; set; }

    /// <summary>Part of the idempotency key under which the customer is made; goes up when another one is to be made.</summary>
    public int CustomerGeneration { get; set; }

    /// <summary>For Stripe's invoices and receipts; 1 to 256 characters.</summary>
    public string? Name { get; set; }

    /// <summary>Where Stripe sends receipts; at most 512 characters.</summary>
    public string? Email { get; set; }

    /// <summary>
    /// Stripe's customer may bear another name and address than this row: a change was begun and not seen to end, or there was one while
    /// no customer was known, although one may have been made and its answer lost.
    /// </summary>
    public bool ProfilePending { get; set; }

    public string Plan { get; set; } = PlanIds.Free;

    /// <summary>Stripe's word for the counting subscription; null on the free plan.</summary>
    public string? Status { get; set; }

    public BillingInterval? Interval { get; set; }

    public DateTimeOffset? CurrentPeriodEnd { get; set; }

    public bool CancelAtPeriodEnd { get; set; }

    public DateTimeOffset? CancelAt { get; set; }

    public DateTimeOffset? TrialEnd { get; set; }

    /// <summary>From this instant on the plan counts as free: the end of the past-due grace (DESIGN rule 8). Null: no such end.</summary>
    public DateTimeOffset? PlanUntil { get; set; }

    /// <summary>What is left of all live grants, held credits included, as of the last ledger entry; never negative.</summary>
    public long Balance { get; set; }

    /// <summary>The part of <see cref="Balance"/> that holds have reserved.</summary>
    public long Held { get; set; }

    /// <summary>Credits taken back that were spent already; the next grants pay it first.</summary>
    public long Debt { get; set; }

    /// <summary>The number of the newest ledger entry.</summary>
    public long LedgerLength { get; set; }

    /// <summary>The newest month that plan credits were granted for, [start, end) (DESIGN rule 6).</summary>
    public DateTimeOffset? GrantMonthStart { get; set; }

    public DateTimeOffset? GrantMonthEnd { get; set; }

    /// <summary>How many credits that month has brought in all: its high-water mark.</summary>
    public long GrantMonthCredits { get; set; }

    /// <summary>The end of the newest month of the free plan; months are counted from <see cref="CreatedAt"/>. Null: none began yet.</summary>
    public DateTimeOffset? FreeMonthEnd { get; set; }

    /// <summary>What that month has brought, as far as no month of a plan was netted against it.</summary>
    public long FreeMonthCredits { get; set; }

    /// <summary>What each paid month brings as of now; 0: none. See <see cref="Ledger.Entitlement"/>.</summary>
    public long CreditsPerMonth { get; set; }

    public DateTimeOffset? CreditsFrom { get; set; }

    public DateTimeOffset? CreditsUntil { get; set; }

    /// <summary>The invoice that paid for them.</summary>
    public string? CreditsInvoiceId { get; set; }

    /// <summary>The part of <see cref="CreditsPerMonth"/> that was paid for inside the period, by <see cref="CreditsUpgradeInvoiceId"/>.</summary>
    public long CreditsUpgrade { get; set; }

    public string? CreditsUpgradeInvoiceId { get; set; }

    /// <summary>These six together.</summary>
    public Entitlement Paid
    {
        get => CreditsPerMonth == 0
            ? Entitlement.None
            : new(CreditsPerMonth, CreditsFrom!.Value, CreditsUntil!.Value, CreditsInvoiceId, CreditsUpgrade, CreditsUpgradeInvoiceId);
        set => (CreditsPerMonth, CreditsFrom, CreditsUntil, CreditsInvoiceId, CreditsUpgrade, CreditsUpgradeInvoiceId) =
            (value.PerMonth, Bound(value, value.From), Bound(value, value.Until), value.InvoiceId, value.Upgrade, value.UpgradeInvoiceId);
    }

    /// <summary>Goes up by one with every change of the standing.</summary>
    public long Version { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when, by the database's clock, long work on this org belongs to the holder of <see cref="LeaseFence"/>.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Goes up with every lease, so that a holder that lost its lease is told from the present one.</summary>
    public long LeaseFence { get; set; }

    private static DateTimeOffset? Bound(Entitlement paid, DateTimeOffset instant) => paid.PerMonth == 0 ? null : instant;
}
