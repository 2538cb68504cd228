using Billing.Api;
using Billing.Ledger;
using Billing.Persistence;
using Billing.Status;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>What an operator sees of an org at one look.</summary>
internal sealed class OrgReports(IDbContextFactory<BillingDb> databases, OrgStatus status, LedgerProbe probe)
{
    /// <returns>404 without such an org.</returns>
    public async Task<Result<OrgReport>> ReadAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Orgs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == orgId, cancellationToken) is not { } org)
        {
            return ApiError.NotFound("There is no such org.");
        }
        var subscriptions = await db.Subscriptions.AsNoTracking().Where(row => row.OrgId == orgId)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        var parked = await db.StripeEvents.CountAsync(row => row.OrgId == orgId && row.Outcome == EventOutcome.Parked, cancellationToken);
        var checkout = await db.CheckoutSessions.Where(row => row.OrgId == orgId && row.State == CheckoutState.Open)
            .Select(row => row.SessionId).FirstOrDefaultAsync(cancellationToken);
        var ledger = await probe.CheckAsync(orgId, cancellationToken);
        return new OrgReport(
            org.Id, org.Name, org.Email, org.StripeCustomerId, await status.ReadAsync(orgId, cancellationToken), org.Balance, org.Held, org.Debt,
            org.Version, [.. subscriptions.Select(SubscriptionReport.Of)], checkout, parked, ledger!.Wrong, org.CreatedAt);
    }
}

/// <param name="Id">The SaaS's own id.</param>
/// <param name="Name">On Stripe's invoices and receipts.</param>
/// <param name="Email">Where Stripe sends receipts.</param>
/// <param name="StripeCustomer">Its customer at Stripe; null until the first checkout.</param>
/// <param name="Status">What it has now, as it sees it itself.</param>
/// <param name="Balance">As of the last ledger entry.</param>
/// <param name="Held">What holds have reserved of it.</param>
/// <param name="Debt">What was taken back after it was spent.</param>
/// <param name="Version">Goes up with every change of what it has.</param>
/// <param name="Subscriptions">All that are known, oldest first.</param>
/// <param name="OpenCheckout">A payment page that may be paid on.</param>
/// <param name="ParkedEvents">Events of it that cannot be applied.</param>
/// <param name="LedgerWrong">What does not add up in its ledger; empty if all does.</param>
/// <param name="CreatedAt">When the service first heard of it.</param>
internal sealed record OrgReport(
    string Id, string? Name, string? Email, string? StripeCustomer, StatusResponse Status, long Balance, long Held, long Debt, long Version,
    IReadOnlyList<SubscriptionReport> Subscriptions, string? OpenCheckout, int ParkedEvents, string LedgerWrong, DateTimeOffset CreatedAt);

/// <param name="Id">Stripe's.</param>
/// <param name="Status">Stripe's word; null while only its existence is known.</param>
/// <param name="Plan">Of the catalog; null if its price is of no plan.</param>
/// <param name="Price">Stripe's id.</param>
/// <param name="CurrentPeriodEnd">When the running period ends.</param>
/// <param name="PaidThrough">The end of the newest period that is paid for.</param>
/// <param name="StateAt">Of the newest event that was applied.</param>
/// <param name="ReadAt">Of the last read from Stripe.</param>
/// <param name="ReadDueAt">When it is to be read next; null if it is not.</param>
/// <param name="ReadAttempts">How often that failed.</param>
internal sealed record SubscriptionReport(
    string Id, string? Status, string? Plan, string? Price, DateTimeOffset? CurrentPeriodEnd, DateTimeOffset? PaidThrough, DateTimeOffset? StateAt,
    DateTimeOffset? ReadAt, DateTimeOffset? ReadDueAt, int ReadAttempts)
{
    public static SubscriptionReport Of(Subscription row) => new(
        row.Id, row.Status, row.Plan, row.PriceId, row.CurrentPeriodEnd, row.PaidThrough, row.StateAt, row.ReadAt, row.ReReadDueAt, row.ReReadAttempts);
}
