using Billing.Api;
using Billing.Checkout;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Orgs;

/// <summary>One Stripe customer per org (FACTS F.3). All of it happens under the org's lease.</summary>
internal sealed class StripeCustomers(Stripe.IStripeClient stripe, SessionSigner signer, IDbContextFactory<BillingDb> databases)
{
    /// <summary>
    /// The org's customer, made on first use. The idempotency key follows from the org alone, so that a retry after a crash, or after a
    /// restore of the database, asks for the same customer as long as Stripe keeps keys: a day (FACTS A.5).
    /// </summary>
    public async Task<string> EnsureAsync(Org org, OrgLease lease, CancellationToken cancellationToken)
    {
        if (org.StripeCustomerId is { } known)
        {
            return known;
        }

        var options = new Stripe.CustomerCreateOptions { Metadata = new Dictionary<string, string> { ["billing_org"] = org.Id } };
        var request = new Stripe.RequestOptions { IdempotencyKey = signer.DeriveKey($"customer:{org.Id}:{org.CustomerGeneration}") };
        try
        {
            var customer = await new Stripe.CustomerService(stripe).CreateAsync(options, request, cancellationToken);
            return await UpdateAsync(lease, row => row.StripeCustomerId = customer.Id, cancellationToken);
        }
        catch (Stripe.StripeException failure) when (StripeErrors.NeedsNewKey(failure))
        {
            await UpdateAsync(lease, row => row.CustomerGeneration++, cancellationToken);
            throw;
        }
    }

    /// <summary>Lets go of a customer that was deleted at Stripe: the next use makes another.</summary>
    public Task ForgetAsync(OrgLease lease, CancellationToken cancellationToken) => UpdateAsync(lease, row =>
    {
        row.StripeCustomerId = null;
        row.CustomerGeneration++;
        return row;
    }, cancellationToken);

    private Task<T> UpdateAsync<T>(OrgLease lease, Func<Org, T> change, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db => change(await lease.LockOrgAsync(db, cancellationToken)), cancellationToken);
}
