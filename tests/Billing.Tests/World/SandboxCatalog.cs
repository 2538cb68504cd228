using Billing.Catalog;
using Billing.Persistence;

namespace Billing.Tests.World;

/// <summary>Puts the prices of the catalog into an empty Stripe account.</summary>
internal static class SandboxCatalog
{
    public static async Task CreateAsync(Stripe.IStripeClient stripe, PlanCatalog catalog)
    {
        foreach (var entry in catalog.Entries)
        {
            await new Stripe.PriceService(stripe).CreateAsync(new Stripe.PriceCreateOptions
            {
                LookupKey = entry.Price.LookupKey,
                UnitAmount = entry.Price.Amount,
                Currency = entry.Price.Currency,
                ProductData = new Stripe.PriceProductDataOptions { Name = entry.Plan },
                Recurring = new Stripe.PriceRecurringOptions { Interval = entry.Interval == BillingInterval.Annual ? "year" : "month" },
            });
        }
    }
}
