using Billing.Checkout;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Checkout sessions that Stripe shows as paid and that nothing is booked of.</summary>
internal sealed class PaidSessions(
    [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, SessionSigner signer, SessionRepair repair, IDbContextFactory<BillingDb> databases) : IComparison
{
    public string Phase => "sessions";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        var wanted = new Stripe.Checkout.SessionListOptions
        {
            Status = StripeSessions.Complete,
            Created = new Stripe.DateRangeOptions { GreaterThanOrEqual = run.SessionsFrom.UtcDateTime, LessThanOrEqual = run.EventsTo.UtcDateTime },
            Limit = StripePages.Size,
            StartingAfter = cursor,
        };
        if (run.OrgId is not null)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (await db.Orgs.Where(org => org.Id == run.OrgId).Select(org => org.StripeCustomerId).SingleOrDefaultAsync(cancellationToken) is not { } customer)
            {
                return ComparedPage.Empty;
            }
            wanted.Customer = customer;
        }
        var listing = new Stripe.Checkout.SessionService(stripe).ListAsync(wanted, cancellationToken: cancellationToken);
        if (await StripePages.ReadAsync(listing) is not { Data: [.., var last] } page)
        {
            return ComparedPage.Empty;
        }
        var found = await FindAsync(run, [.. page.Data.Where(session => session.PaymentStatus != PaymentStatus.Unpaid)], cancellationToken);
        if (run.Repair)
        {
            found = await found.EachAsync(async (drift, token) => await repair.RepairAsync(run, drift, token), cancellationToken);
        }
        return new ComparedPage(found, page.HasMore ? last.Id : null);
    }

    private async Task<List<Drift>> FindAsync(ReconciliationRun run, List<Stripe.Checkout.Session> paid, CancellationToken cancellationToken)
    {
        var ids = paid.ConvertAll(session => session.Id);
        var claims = paid.ToDictionary(session => session.Id, session => signer.Verify(session.Metadata));
        var intents = claims.Values.OfType<SessionClaims>().Select(claim => claim.IntentId).ToList();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.CheckoutSessions.AsNoTracking().Where(row => ids.Contains(row.SessionId!) || intents.Contains(row.Id))
            .ToListAsync(cancellationToken);
        var sold = (
            from session in paid
            let claim = claims[session.Id]
            // An intent's row with another session: this one only carries a copy of its metadata.
            let row = rows.Find(row => row.SessionId == session.Id) ?? rows.Find(row => row.Id == claim?.IntentId && row.SessionId is null)
            where row is not null || (claim is not null && !rows.Exists(row => row.Id == claim.IntentId))
            select new SoldSession(session, row?.Id ?? claim!.IntentId, row?.OrgId ?? claim!.OrgId, row)).ToList();
        var (orgs, keys) = (sold.ConvertAll(one => one.OrgId), sold.ConvertAll(one => CompleteSession.SourceKey(one.IntentId)));
        var granted = await db.CreditGrants.Where(grant => orgs.Contains(grant.OrgId) && keys.Contains(grant.SourceKey)).Select(grant => grant.SourceKey)
            .ToHashSetAsync(cancellationToken);
        var subscriptions = sold.Select(one => one.Session.SubscriptionId).OfType<string>().ToList();
        var known = await db.Subscriptions.Where(row => subscriptions.Contains(row.Id)).Select(row => row.Id).ToHashSetAsync(cancellationToken);
        return [.. from one in sold
                   where run.OrgId is null || run.OrgId == one.OrgId
                   let isBooked = one.Session.SubscriptionId is { } subscription
                       ? known.Contains(subscription) && one.Row is null or { State: CheckoutState.Complete }
                       : granted.Contains(CompleteSession.SourceKey(one.IntentId))
                   where !isBooked
                   let detail = $"it is {one.Session.PaymentStatus} and not booked"
                   select new Drift(DriftType.PaidSessionWithoutGrant, one.OrgId, one.Session.Id, detail)];
    }

    private sealed record SoldSession(Stripe.Checkout.Session Session, Guid IntentId, string OrgId, CheckoutSession? Row);
}
