using Billing.Api;
using Billing.Persistence;
using Billing.Reversals;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>
/// The payments of a run's one org, by the charges of its customer: those that money went back of, or that we have refunds or disputes of,
/// are asked for one by one. So a run for one org does not read the whole account's refunds.
/// </summary>
internal sealed class PaymentsOfOrg(
    [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, ReversalComparison comparison,
    IDbContextFactory<BillingDb> databases) : IComparison
{
    public string Phase => "payments_of_org";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        if (run.OrgId is null)
        {
            return ComparedPage.Empty;
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await db.Payments.Where(payment => payment.OrgId == run.OrgId).Select(payment => payment.Id).ToListAsync(cancellationToken);
        var (charges, next) = await ListAsync(db, run.OrgId, cursor, cancellationToken);
        var payments = charges
            .Where(charge => charge.AmountRefunded > 0 || charge.Disputed).Select(charge => charge.PaymentIntentId).OfType<string>()
            .Union(cursor is null ? known : []).ToList(); // those that we know once; some may be of a former customer
        var answers = await payments.EachAsync(async (id, token) => await ReadAsync(id, token), cancellationToken);
        var listed = from facts in answers.OfType<PaymentFacts>() from told in facts.Reversals select new ListedReversal(told, facts.Intent);
        return new ComparedPage(await comparison.CompareAsync(run, [.. listed], cancellationToken), next);
    }

    private async Task<(List<Stripe.Charge> Charges, string? Next)> ListAsync(
        BillingDb db, string orgId, string? cursor, CancellationToken cancellationToken)
    {
        var customer = await db.Orgs.Where(org => org.Id == orgId).Select(org => org.StripeCustomerId).SingleOrDefaultAsync(cancellationToken);
        if (customer is null)
        {
            return ([], null);
        }
        var wanted = new Stripe.ChargeListOptions { Customer = customer, Limit = StripePages.Size, StartingAfter = cursor };
        return await StripePages.ReadAsync(new Stripe.ChargeService(stripe).ListAsync(wanted, cancellationToken: cancellationToken))
            is { Data: [.., var last] } page ? (page.Data, page.HasMore ? last.Id : null) : ([], null);
    }

    private async Task<PaymentFacts?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await PaymentFacts.ReadAsync(stripe, id, cancellationToken);
        }
        catch (Stripe.StripeException missing) when (StripeErrors.IsMissing(missing))
        {
            return null;
        }
    }
}
