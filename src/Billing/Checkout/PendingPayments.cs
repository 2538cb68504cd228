using Billing.Fulfilment;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Checkout;

/// <summary>Sessions that are complete and not paid: a delayed payment method is still being processed, or the news of its outcome got lost.</summary>
internal sealed class PendingPayments(
    StripeSessions sessions, Settlement settlement, IDbContextFactory<BillingDb> databases, ILogger<PendingPayments> log)
{
    public static IQueryable<CheckoutSession> Of(BillingDb db, string orgId) => db.CheckoutSessions.AsNoTracking().Where(
        session => session.OrgId == orgId && session.State == CheckoutState.Complete && session.PaymentStatus == PaymentStatus.Unpaid);

    public static IQueryable<CheckoutSession> Of(BillingDb db, string orgId, CheckoutKind kind) => Of(db, orgId).Where(session => session.Kind == kind);

    /// <summary>Asks Stripe what became of them.</summary>
    public async Task RefreshAsync(Org org, CheckoutKind kind, OrgLease lease, CancellationToken cancellationToken)
    {
        foreach (var row in await ListAsync(org.Id, kind, cancellationToken))
        {
            var session = await sessions.FindAsync(row, cancellationToken, "subscription", "payment_intent");
            await databases.TransactAsync(async update =>
            {
                await lease.LockOrgAsync(update, cancellationToken);
                var subject = new StripeSubject(session?.SubscriptionId, row.SessionId, null, null);
                var state = await OrgStates.LockAsync(update, org.Id, subject, claims: null, cancellationToken);
                return await ApplyAsync(update, state, session, cancellationToken);
            }, cancellationToken);
        }
    }

    private async Task<List<CheckoutSession>> ListAsync(string orgId, CheckoutKind kind, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Of(db, orgId, kind).ToListAsync(cancellationToken);
    }

    private async Task<Settled> ApplyAsync(BillingDb db, OrgState state, Stripe.Checkout.Session? session, CancellationToken cancellationToken)
    {
        if (session is null || HasFailed(session))
        {
            state.Session!.PaymentStatus = PaymentStatus.Failed;
        }
        else
        {
            CompleteSession.Apply(state, session, log);
        }
        return await settlement.SettleAsync(db, state, cancellationToken);
    }

    /// <summary>A failed session stays unpaid at Stripe for good; what was to be paid by it shows the failure (FACTS C.3, flow 8).</summary>
    private static bool HasFailed(Stripe.Checkout.Session session) => session.PaymentStatus == PaymentStatus.Unpaid
        && (SubscriptionStatus.IsFinal(session.Subscription?.Status) || session.PaymentIntent?.Status is "requires_payment_method" or "canceled");
}
