using System.Globalization;
using Billing.Api;
using Billing.Checkout;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.Extensions.Options;

namespace Billing.TopUps;

/// <summary>Sells credits on a payment page, priced by us. They are booked once the session is paid, and never expire.</summary>
internal sealed class TopUpSales(
    OrgWork work, StripeCustomers customers, PendingPayments pending, HostedSessions sessions, IntentDrafts drafts, IOptions<BillingOptions> options)
{
    /// <summary>The session to pay on, or a refusal that says what stands in the way.</summary>
    /// <param name="orgId">The buyer.</param>
    /// <param name="request">Validated.</param>
    /// <param name="cancellationToken">Giving up half way is safe: the next request goes on from there.</param>
    public Task<Result<CheckoutSession>> StartAsync(string orgId, TopUpRequest request, CancellationToken cancellationToken)
    {
        var offer = Price(request);
        return work.RunAsync<CheckoutSession>(orgId, async (org, lease, token) =>
        {
            await pending.RefreshAsync(org, CheckoutKind.TopUp, lease, token);
            var customer = await customers.EnsureAsync(org, lease, token);
            var draft = drafts.Write(offer, orgId, customer.Id, request.SuccessUrl, request.CancelUrl);
            return await sessions.ProvideAsync(draft, customer, lease, token);
        }, cancellationToken);
    }

    private Offer Price(TopUpRequest request)
    {
        var sold = options.Value.TopUps;
        var (credits, amount) = request.Pack is { } id
            ? (sold.Packs[id].Credits, sold.Packs[id].Amount)
            : (request.Credits!.Value, sold.Custom!.AmountOf(request.Credits.Value));
        return new Offer(CheckoutKind.TopUp, amount, sold.Currency)
        {
            Credits = credits,
            Product = string.Create(CultureInfo.InvariantCulture, $"{credits:N0} {sold.Unit}"),
        };
    }
}
