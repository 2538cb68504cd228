using Stripe.BillingPortal;

namespace Billing.Setup;

/// <summary>
/// What plan changes rely on in the billing portal: every price of the catalog to choose from, upgrades prorated and invoiced at once,
/// downgrades and shorter intervals at the end of the period (DESIGN section 4).
/// </summary>
internal static class PortalTerms
{
    /// <summary>By which the configuration is found where none is configured.</summary>
    public const string Name = "Billing";

    private const string AtPeriodEnd = "at_period_end";

    private const string AlwaysInvoice = "always_invoice";

    private static readonly string[] Scheduled = ["decreasing_item_amount", "shortening_interval"];

    public static ConfigurationFeaturesOptions Features(IEnumerable<Stripe.Price> prices) => new()
    {
        InvoiceHistory = new ConfigurationFeaturesInvoiceHistoryOptions { Enabled = true },
        PaymentMethodUpdate = new ConfigurationFeaturesPaymentMethodUpdateOptions { Enabled = true },
        SubscriptionCancel = new ConfigurationFeaturesSubscriptionCancelOptions { Enabled = true, Mode = AtPeriodEnd },
        SubscriptionUpdate = new ConfigurationFeaturesSubscriptionUpdateOptions
        {
            Enabled = true,
            DefaultAllowedUpdates = ["price"],
            ProrationBehavior = AlwaysInvoice,
            Products = [.. prices.GroupBy(price => price.ProductId).Select(product => new ConfigurationFeaturesSubscriptionUpdateProductOptions
            {
                Product = product.Key,
                Prices = [.. product.Select(price => price.Id)],
            })],
            ScheduleAtPeriodEnd = new ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndOptions
            {
                Conditions = [.. Scheduled.Select(type => new ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndConditionOptions { Type = type })],
            },
        },
    };

    /// <summary>The settings that differ, in Stripe's words; those that plan changes do not rely on are the operator's own.</summary>
    public static IEnumerable<string> Differences(Configuration portal)
    {
        var (features, update) = (portal.Features, portal.Features.SubscriptionUpdate);
        var wrong = new (bool IsWrong, string Setting)[]
        {
            (!features.InvoiceHistory.Enabled, "invoice_history"),
            (!features.PaymentMethodUpdate.Enabled, "payment_method_update"),
            (!features.SubscriptionCancel.Enabled, "subscription_cancel"),
            (features.SubscriptionCancel.Mode != AtPeriodEnd, "subscription_cancel.mode"),
            (!update.Enabled, "subscription_update"),
            (update.DefaultAllowedUpdates is not ["price"], "subscription_update.default_allowed_updates"),
            (update.ProrationBehavior != AlwaysInvoice, "subscription_update.proration_behavior"),
            (!Scheduled.ToHashSet().SetEquals(update.ScheduleAtPeriodEnd.Conditions.Select(condition => condition.Type)),
                "subscription_update.schedule_at_period_end"),
        };
        return wrong.Where(setting => setting.IsWrong).Select(setting => setting.Setting);
    }

    /// <summary>The ids of the prices that customers may change to.</summary>
    public static IReadOnlySet<string> Offered(Configuration portal) =>
        (portal.Features.SubscriptionUpdate.Products ?? []).SelectMany(product => product.Prices).ToHashSet();
}
