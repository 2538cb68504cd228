using Stripe.BillingPortal;

namespace Billing.Setup;

/// <summary>
/// Brings the billing portal of a Stripe account to what plan changes rely on: every catalog price to choose from, upgrades prorated and
/// invoiced at once, downgrades and shorter intervals at the end of the period (DESIGN section 4). Safe to repeat.
/// </summary>
internal sealed class StripePortal(Stripe.IStripeClient stripe)
{
    private const string Name = "Billing";

    private readonly ConfigurationService _configurations = new(stripe);

    /// <returns>The id of the configuration, for <c>Stripe:PortalConfiguration</c>.</returns>
    public async Task<string> EnsureAsync(IEnumerable<Stripe.Price> prices, CancellationToken cancellationToken)
    {
        var features = Features(prices);
        var all = new ConfigurationListOptions { Active = true, Limit = 100 };
        await foreach (var ours in _configurations.ListAutoPagingAsync(all, cancellationToken: cancellationToken))
        {
            if (ours.Name == Name)
            {
                await _configurations.UpdateAsync(ours.Id, new ConfigurationUpdateOptions { Features = features }, cancellationToken: cancellationToken);
                return ours.Id;
            }
        }
        var create = new ConfigurationCreateOptions { Name = Name, Features = features };
        return (await _configurations.CreateAsync(create, cancellationToken: cancellationToken)).Id;
    }

    private static ConfigurationFeaturesOptions Features(IEnumerable<Stripe.Price> prices) => new()
    {
        InvoiceHistory = new ConfigurationFeaturesInvoiceHistoryOptions { Enabled = true },
        PaymentMethodUpdate = new ConfigurationFeaturesPaymentMethodUpdateOptions { Enabled = true },
        SubscriptionCancel = new ConfigurationFeaturesSubscriptionCancelOptions { Enabled = true, Mode = "at_period_end" },
        SubscriptionUpdate = new ConfigurationFeaturesSubscriptionUpdateOptions
        {
            Enabled = true,
            DefaultAllowedUpdates = ["price"],
            ProrationBehavior = "always_invoice",
            Products = [.. prices.GroupBy(price => price.ProductId).Select(product => new ConfigurationFeaturesSubscriptionUpdateProductOptions
            {
                Product = product.Key,
                Prices = [.. product.Select(price => price.Id)],
            })],
            ScheduleAtPeriodEnd = new ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndOptions
            {
                Conditions = [new() { Type = "decreasing_item_amount" }, new() { Type = "shortening_interval" }],
            },
        },
    };
}
