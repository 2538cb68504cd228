using Billing.Api;
using Billing.Orgs;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Customers of orgs that the listing did not show, deleted ones above all: asked for one by one.</summary>
internal sealed class UnlistedCustomers(
    [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, CustomerComparison comparison, IDbContextFactory<BillingDb> databases) : IComparison
{
    private const int Slice = 50;

    public string Phase => "unlisted_customers";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        var orgs = await FindAsync(run, cursor ?? "", cancellationToken);
        var answers = await orgs.EachAsync(async (org, token) => await ReadAsync(org.CustomerId, token), cancellationToken);
        StripeOutage.ThrowIfBlind(answers);
        var live = answers.OfType<Stripe.Customer>().Where(customer => !CustomerLookup.IsStub(customer)).ToList();
        var found = await comparison.CompareAsync(run, live, cancellationToken);
        found.AddRange(
            from pair in orgs.Zip(answers)
            where pair.Second is null || CustomerLookup.IsStub(pair.Second)
            select new Drift(
                DriftType.CustomerMismatch, pair.First.OrgId, pair.First.CustomerId,
                pair.Second is null ? "Stripe does not show it: is Stripe:ApiKey of another account?" : "it was deleted at Stripe, and is the org's all the same"));
        return new ComparedPage(found, orgs.Count == Slice ? orgs[^1].OrgId : null);
    }

    private async Task<List<CustomerOfOrg>> FindAsync(ReconciliationRun run, string after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<CustomerOfOrg>(
            $"""
            SELECT o.id AS "OrgId", o.stripe_customer_id AS "CustomerId" FROM orgs o
            WHERE o.id > {after} AND o.stripe_customer_id IS NOT NULL AND ({run.OrgId}::text IS NULL OR o.id = {run.OrgId})
              AND NOT EXISTS (SELECT FROM sightings WHERE sightings.id = o.stripe_customer_id AND seen_at >= {run.StartedAt})
            ORDER BY o.id LIMIT {Slice}
            """).ToListAsync(cancellationToken);
    }

    private async Task<Stripe.Customer?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await new Stripe.CustomerService(stripe).GetAsync(id, cancellationToken: cancellationToken);
        }
        catch (Stripe.StripeException missing) when (StripeErrors.IsMissing(missing))
        {
            return null;
        }
    }

    private sealed record CustomerOfOrg(string OrgId, string CustomerId);
}
