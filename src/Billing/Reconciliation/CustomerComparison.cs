using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Compares customers that Stripe showed with the orgs that have them. Only reports: which customer is right, a person decides.</summary>
internal sealed class CustomerComparison(IDbContextFactory<BillingDb> databases)
{
    public async Task<List<Drift>> CompareAsync(ReconciliationRun run, IReadOnlyList<Stripe.Customer> customers, CancellationToken cancellationToken)
    {
        var ids = customers.Select(customer => customer.Id).ToList();
        var names = customers.Select(StripeCustomers.OrgOf).OfType<string>().Distinct().ToList();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var orgs = await db.Orgs.Where(org => ids.Contains(org.StripeCustomerId!) || (names.Contains(org.Id) && org.StripeCustomerId == null))
            .Select(org => new { org.Id, org.StripeCustomerId }).ToListAsync(cancellationToken);
        await db.SightAsync(orgs.Select(org => org.StripeCustomerId).OfType<string>(), cancellationToken);
        return [.. from customer in customers
                   let named = StripeCustomers.OrgOf(customer)
                   let owner = orgs.Find(org => org.StripeCustomerId == customer.Id)
                   // A checkout makes the customer first and its org's row names it then: one that was just made is on its way.
                   let isNamedOnly = owner is null && customer.Created <= run.EventsTo && orgs.Exists(org => org.Id == named)
                   let org = owner?.Id ?? named
                   where isNamedOnly || (owner is not null && named is not null && named != owner.Id)
                   where run.OrgId is null || run.OrgId == org
                   select new Drift(
                       DriftType.CustomerMismatch, org, customer.Id,
                       isNamedOnly ? "Stripe has this customer of the org, the org has none" : $"the org's customer was made for org {named}")];
    }
}
