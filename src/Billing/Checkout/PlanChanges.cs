using Microsoft.Extensions.Options;
using Stripe.BillingPortal;

namespace Billing.Checkout;

/// <summary>
/// A link to the billing portal's page that confirms a change of plan. What it costs and when it takes effect is up to the portal's
/// configuration: upgrades are prorated and invoiced at once, downgrades wait for the period's end (DESIGN section 4).
/// </summary>
internal sealed class PlanChanges(Stripe.IStripeClient stripe, RedirectUrls redirects, IOptions<StripeOptions> options)
{
    /// <summary>The link. It is a credential for minutes: neither kept nor logged (FACTS B.5).</summary>
    /// <exception cref="Stripe.StripeException">Among others, if the portal's configuration does not offer the price.</exception>
    public async Task<string> LinkAsync(LiveSubscription live, string priceId, CheckoutRequest request, CancellationToken cancellationToken)
    {
        var session = new SessionCreateOptions
        {
            Customer = live.Found.CustomerId,
            ReturnUrl = redirects.PortalReturnUrl(request.CancelUrl),
            FlowData = new SessionFlowDataOptions
            {
                Type = "subscription_update_confirm",
                AfterCompletion = new SessionFlowDataAfterCompletionOptions
                {
                    Type = "redirect",
                    Redirect = new SessionFlowDataAfterCompletionRedirectOptions { ReturnUrl = redirects.SuccessUrl(request.SuccessUrl) },
                },
                SubscriptionUpdateConfirm = new SessionFlowDataSubscriptionUpdateConfirmOptions
                {
                    Subscription = live.Found.Id,
                    // With the item's id: without it Stripe would add a second item (FACTS B.4).
                    Items = [new() { Id = live.Item.Id, Price = priceId, Quantity = live.Item.Quantity }],
                },
            },
        };
        if (options.Value.PortalConfiguration is { } configuration)
        {
            session.Configuration = configuration;
        }
        return (await new SessionService(stripe).CreateAsync(session, cancellationToken: cancellationToken)).Url;
    }
}
