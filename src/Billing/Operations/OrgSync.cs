using Billing.Api;
using Billing.Checkout;
using Billing.Fulfilment;
using Billing.Orgs;
using Billing.Persistence;
using Billing.Reversals;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>Has everything of an org read again from Stripe: subscriptions, those that we do not know among them, and payments.</summary>
internal sealed class OrgSync(
    IDbContextFactory<BillingDb> databases, OrgLeases leases, CustomerSubscriptions stripe, SubscriptionReader subscriptions, PaymentReader payments,
    OperatorAudit audit)
{
    /// <returns>
    /// How much is being read, which takes hosts a moment; 404 without such an org; 503 while another request has it, or if Stripe takes too long.
    /// </returns>
    public async Task<Result<SyncResponse>> SyncAsync(string orgId, Operator by, CancellationToken cancellationToken)
    {
        if (await FindAsync(orgId, cancellationToken) is not { } org)
        {
            return ApiError.NotFound("There is no such org.");
        }
        if (org.StripeCustomerId is { } customer)
        {
            await using var lease = await leases.AcquireAsync(orgId, cancellationToken);
            if (lease is null)
            {
                return ApiError.Unavailable("Another request of this org is under way. Try again in a moment; nothing is lost.");
            }
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bounded.CancelAfter(OrgLeases.Duration - TimeSpan.FromSeconds(10));
            try
            {
                await stripe.ReadAsync(org, new OrgCustomer(customer, IsNew: false), lease, bounded.Token); // finds those that no event told us of
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return ApiError.Unavailable("The payment provider took too long. Try again; nothing is lost.");
            }
        }
        var marked = await databases.TransactAsync(db => MarkAsync(db, orgId, by, cancellationToken), cancellationToken);
        subscriptions.Wake();
        payments.Wake();
        return marked;
    }

    private async Task<SyncResponse> MarkAsync(BillingDb db, string orgId, Operator by, CancellationToken cancellationToken)
    {
        await db.RequestReReadsAsync(orgId, cancellationToken);
        await PaymentMarks.MarkAllAsync(db, orgId, cancellationToken);
        var marked = new SyncResponse(
            orgId, await db.Subscriptions.CountAsync(row => row.OrgId == orgId && row.ReReadDueAt != null, cancellationToken),
            await db.Payments.CountAsync(row => row.OrgId == orgId && row.ReReadDueAt != null, cancellationToken));
        audit.Add(db, by, "sync_org", orgId, orgId, before: null, after: marked);
        return marked;
    }

    private async Task<Org?> FindAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Orgs.AsNoTracking().SingleOrDefaultAsync(org => org.Id == orgId, cancellationToken);
    }
}
