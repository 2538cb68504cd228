using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Orgs;

/// <summary>One Stripe customer per org (FACTS F.3).</summary>
internal sealed class StripeCustomers(Stripe.IStripeClient stripe, IDbContextFactory<BillingDb> databases)
{
    /// <summary>
    /// The org's customer, made on first use. A crash before the id is kept makes no second one: the retry sends the same parameters
    /// under the same idempotency key and gets the same customer.
    /// </summary>
    public async Task<string> EnsureAsync(Org org, OrgLease lease, CancellationToken cancellationToken)
    {
        if (org.StripeCustomerId is { } known)
        {
            return known;
        }

        var options = new Stripe.CustomerCreateOptions { Metadata = new Dictionary<string, string> { ["billing_org"] = org.Id } };
        var request = new Stripe.RequestOptions { IdempotencyKey = $"billing-customer-{org.Id}" };
        var customer = await new Stripe.CustomerService(stripe).CreateAsync(options, request, cancellationToken);
        return await databases.TransactAsync(
            async db => (await lease.LockOrgAsync(db, cancellationToken)).StripeCustomerId = customer.Id, cancellationToken);
    }
}
