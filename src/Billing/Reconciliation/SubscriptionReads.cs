using Billing.Api;
using Billing.Fulfilment;
using Billing.StripeCalls;

namespace Billing.Reconciliation;

/// <summary>Subscriptions as Stripe shows them, with their latest invoice.</summary>
internal sealed class SubscriptionReads([FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, TimeProvider time)
{
    private readonly Stripe.SubscriptionService _subscriptions = new(stripe);

    /// <summary>The page after the cursor, of one customer or of all.</summary>
    public async Task<(List<StripeRead> Reads, string? Next)> ListAsync(string? customerId, string? cursor, CancellationToken cancellationToken)
    {
        var sent = TimeProvider.System.GetTimestamp();
        // "all", as Stripe leaves out canceled ones otherwise (FACTS B.4), and their end is what may have got lost.
        var wanted = new Stripe.SubscriptionListOptions
        {
            Status = "all",
            Limit = StripePages.Size,
            StartingAfter = cursor,
            Expand = ["data.latest_invoice"],
        };
        if (customerId is not null)
        {
            wanted.Customer = customerId;
        }
        if (await StripePages.ReadAsync(_subscriptions.ListAsync(wanted, cancellationToken: cancellationToken)) is not { Data: [.., var last] } page)
        {
            return ([], null);
        }
        var date = page.StripeResponse?.Date ?? time.GetUtcNow();
        var took = TimeProvider.System.GetElapsedTime(sent);
        return ([.. page.Data.Select(found => StripeRead.Of(found, date, took, claim: null))], page.HasMore ? last.Id : null);
    }

    /// <summary>One subscription, or null if Stripe does not show it.</summary>
    public async Task<StripeRead?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var sent = TimeProvider.System.GetTimestamp();
        try
        {
            var options = new Stripe.SubscriptionGetOptions { Expand = ["latest_invoice"] };
            var found = await _subscriptions.GetAsync(id, options, cancellationToken: cancellationToken);
            var date = found.StripeResponse?.Date ?? time.GetUtcNow();
            return StripeRead.Of(found, date, TimeProvider.System.GetElapsedTime(sent), claim: null);
        }
        catch (Stripe.StripeException missing) when (StripeErrors.IsMissing(missing))
        {
            return null;
        }
    }
}
