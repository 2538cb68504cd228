using Billing.Api;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Orgs;

/// <summary>One Stripe customer per org (FACTS F.3). All of it happens under the org's lease.</summary>
internal sealed class StripeCustomers(Stripe.IStripeClient stripe, IDbContextFactory<BillingDb> databases)
{
    /// <summary>
    /// The org's customer, made on first use. The idempotency key is committed before Stripe is asked, so that a retry after a crash asks
    /// for the same customer; Stripe keeps keys for a day (FACTS A.5).
    /// </summary>
    public async Task<string> EnsureAsync(Org org, OrgLease lease, CancellationToken cancellationToken)
    {
        if (org.StripeCustomerId is { } known)
        {
            return known;
        }

        var key = org.CustomerKey ?? await UpdateAsync(lease, row => row.CustomerKey = Guid.NewGuid(), cancellationToken);
        var options = new Stripe.CustomerCreateOptions { Metadata = new Dictionary<string, string> { ["billing_org"] = org.Id } };
        var request = new Stripe.RequestOptions { IdempotencyKey = $"billing-customer-{key:N}" };
        try
        {
            var customer = await new Stripe.CustomerService(stripe).CreateAsync(options, request, cancellationToken);
            return await UpdateAsync(lease, row => row.StripeCustomerId = customer.Id, cancellationToken);
        }
        catch (Stripe.StripeException failure) when (StripeErrors.NeedsNewKey(failure))
        {
            await UpdateAsync(lease, row => row.CustomerKey = null, cancellationToken);
            throw;
        }
    }

    /// <summary>Lets go of a customer that was deleted at Stripe: the next use makes another.</summary>
    public Task ForgetAsync(OrgLease lease, CancellationToken cancellationToken) => UpdateAsync(lease, row =>
    {
        row.StripeCustomerId = null;
        row.CustomerKey = null;
        return row;
    }, cancellationToken);

    private Task<T> UpdateAsync<T>(OrgLease lease, Func<Org, T> change, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db => change(await lease.LockOrgAsync(db, cancellationToken)), cancellationToken);
}
