using Billing.Persistence;
using Billing.StripeCalls;

namespace Billing.Reconciliation;

/// <summary>Every refund of the account, however old. A run for one org goes through that org's payments instead.</summary>
internal sealed class ListedRefunds(
    [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, ReversalComparison comparison) : IComparison
{
    public string Phase => "refunds";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        if (run.OrgId is not null)
        {
            return ComparedPage.Empty;
        }
        var wanted = new Stripe.RefundListOptions { Limit = StripePages.Size, StartingAfter = cursor, Expand = [.. ListedReversal.Expansion] };
        var listing = new Stripe.RefundService(stripe).ListAsync(wanted, cancellationToken: cancellationToken);
        return await StripePages.ReadAsync(listing) is { Data: [.., var last] } page
            ? new ComparedPage(
                await comparison.CompareAsync(run, [.. page.Data.Select(ListedReversal.Of).OfType<ListedReversal>()], cancellationToken),
                page.HasMore ? last.Id : null)
            : ComparedPage.Empty;
    }
}
