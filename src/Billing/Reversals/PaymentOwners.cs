using Billing.Checkout;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reversals;

/// <summary>Finds out whose payment it is, and what it paid (DESIGN rule 5: ours by our tables or by metadata that we signed).</summary>
internal sealed class PaymentOwners([FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, SessionSigner signer)
{
    /// <summary>Fills in the org and the invoice; leaves the org null for a payment that is not ours.</summary>
    public async Task FindAsync(BillingDb db, Payment payment, PaymentFacts facts, CancellationToken cancellationToken)
    {
        (payment.Paid, payment.Currency) = (facts.Intent.AmountReceived, facts.Intent.Currency);
        if (await TopUpOrgAsync(db, payment.Id, cancellationToken) is { } buyer)
        {
            payment.OrgId = buyer;
            return;
        }
        payment.InvoiceId ??= await PaymentFacts.FindInvoiceAsync(stripe, payment.Id, cancellationToken);
        payment.OrgId ??= payment.InvoiceId is null
            ? signer.Verify(facts.Intent.Metadata)?.OrgId
            : await InvoiceOrgAsync(db, payment.InvoiceId, facts.Intent.CustomerId, cancellationToken);
    }

    private static Task<string?> TopUpOrgAsync(BillingDb db, string payment, CancellationToken cancellationToken) =>
        db.CheckoutSessions.Where(session => session.PaymentIntentId == payment).Select(session => session.OrgId)
            .Union(db.CreditGrants.Where(grant => grant.PaymentIntentId == payment).Select(grant => grant.OrgId))
            .FirstOrDefaultAsync(cancellationToken);

    private static async Task<string?> InvoiceOrgAsync(BillingDb db, string invoice, string? customer, CancellationToken cancellationToken) =>
        await (from period in db.PaidPeriods
               join subscription in db.Subscriptions on period.SubscriptionId equals subscription.Id
               where period.InvoiceId == invoice
               select subscription.OrgId).FirstOrDefaultAsync(cancellationToken)
        ?? await db.Orgs.Where(org => org.StripeCustomerId == customer && customer != null).Select(org => org.Id).FirstOrDefaultAsync(cancellationToken);
}
