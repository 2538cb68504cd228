using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Every subscription that Stripe lists, of the account or of the org's customer.</summary>
internal sealed class ListedSubscriptions(
    SubscriptionReads reads, SubscriptionComparison comparison, IDbContextFactory<BillingDb> databases) : IComparison
{
    public string Phase => "subscriptions";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        string? customer = null;
        if (run.OrgId is not null)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            customer = await db.Orgs.Where(org => org.Id == run.OrgId).Select(org => org.StripeCustomerId).SingleOrDefaultAsync(cancellationToken);
            if (customer is null)
            {
                return ComparedPage.Empty;
            }
        }
        var (listed, next) = await reads.ListAsync(customer, cursor, cancellationToken);
        return new ComparedPage(await comparison.CompareAsync(run, listed, cancellationToken), next);
    }
}
