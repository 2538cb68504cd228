using Billing.Catalog;
using Billing.Setup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Billing.Tests.World;

/// <summary>Brings an empty Stripe account to what the configured catalog needs, as an operator would before the service starts.</summary>
internal static class SandboxCatalog
{
    /// <returns>The portal configuration's id.</returns>
    public static async Task<string> CreateAsync(Stripe.IStripeClient stripe, IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var options = configuration.GetSection(BillingOptions.Section).Get<BillingOptions>()!;
        return await new AccountSetup(stripe, new PlanCatalog(Options.Create(options))).EnsureCatalogAsync(CancellationToken.None);
    }
}
