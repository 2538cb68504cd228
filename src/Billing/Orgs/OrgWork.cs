using Billing.Api;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Orgs;

/// <summary>Long work on an org with its Stripe customer: one at a time per org, within the lease's time, with a customer that exists.</summary>
internal sealed class OrgWork(
    OrgLeases leases, StripeCustomers customers, CustomerLookup lookup, IDbContextFactory<BillingDb> databases)
{
    /// <summary>Runs <paramref name="work"/> under the org's lease; 409 while another request has it, 503 if the work takes too long.</summary>
    /// <param name="orgId">An org that exists.</param>
    /// <param name="work">Runs again from the start if Stripe says that the org's customer was deleted.</param>
    /// <param name="cancellationToken">Giving up half way is safe: the next request goes on from there.</param>
    public async Task<Result<T>> RunAsync<T>(
        string orgId, Func<Org, OrgLease, CancellationToken, Task<Result<T>>> work, CancellationToken cancellationToken)
    {
        await using var lease = await leases.AcquireAsync(orgId, cancellationToken);
        if (lease is null)
        {
            return ApiError.InProgress("Another purchase of this org is being made. Try again in a moment.");
        }

        // Work must not outlive the lease; the margin is for the last write.
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(OrgLeases.Duration - TimeSpan.FromSeconds(10));
        try
        {
            return await RunWithAnyCustomerAsync(orgId, lease, work, bounded.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ApiError.Unavailable("The payment provider took too long. Try again; nothing is lost.");
        }
    }

    private async Task<Result<T>> RunWithAnyCustomerAsync<T>(
        string orgId, OrgLease lease, Func<Org, OrgLease, CancellationToken, Task<Result<T>>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(await ReadAsync(orgId, cancellationToken), lease, cancellationToken);
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone, "customer"))
        {
            if ((await ReadAsync(orgId, cancellationToken)).StripeCustomerId is { } customerId)
            {
                if (!await lookup.IsDeletedAsync(customerId, cancellationToken))
                {
                    throw;
                }
                await customers.ForgetAsync(customerId, lease, cancellationToken);
            }
            // Deleted at Stripe: the org gets a new one, once.
            return await work(await ReadAsync(orgId, cancellationToken), lease, cancellationToken);
        }
    }

    private async Task<Org> ReadAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Orgs.AsNoTracking().SingleAsync(org => org.Id == orgId, cancellationToken);
    }
}
