using Billing.Persistence;
using Billing.StripeCalls;

namespace Billing.Reconciliation;

/// <summary>Every customer that Stripe lists; deleted ones are not among them. Of a run for one org its customer is asked for by its id.</summary>
internal sealed class ListedCustomers([FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, CustomerComparison comparison) : IComparison
{
    public string Phase => "customers";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        if (run.OrgId is not null)
        {
            return ComparedPage.Empty;
        }
        var wanted = new Stripe.CustomerListOptions { Limit = StripePages.Size, StartingAfter = cursor };
        var listing = new Stripe.CustomerService(stripe).ListAsync(wanted, cancellationToken: cancellationToken);
        return await StripePages.ReadAsync(listing) is { Data: [.., var last] } page
            ? new ComparedPage(await comparison.CompareAsync(run, page.Data, cancellationToken), page.HasMore ? last.Id : null)
            : ComparedPage.Empty;
    }
}
