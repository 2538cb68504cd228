using Billing.Catalog;
using Billing.Setup.Steps;
using Stripe.BillingPortal;

namespace Billing.Setup;

/// <summary>What brings the billing portal to the catalog. Pure.</summary>
internal static class PortalPlan
{
    /// <param name="catalog">What is sold.</param>
    /// <param name="state">What there is.</param>
    /// <param name="configured"><c>Stripe:PortalConfiguration</c>; null: the one that an earlier run made.</param>
    /// <param name="isPriceMade">Whether this run makes a price, whose id nobody knows yet.</param>
    public static Step Of(PlanCatalog catalog, StripeState state, string? configured, bool isPriceMade)
    {
        if (Find(state.Portals, configured) is not { } portal)
        {
            return new WritePortal(null, configured is null ? "there is none" : $"there is no {configured}");
        }
        var wanted = catalog.Entries.Select(entry => PricePlan.Find(entry, state.Prices)?.Id).OfType<string>();
        var differences = PortalTerms.Differences(portal).ToList();
        return !portal.Active ? new WritePortal(portal.Id, "it is inactive")
            : isPriceMade || !PortalTerms.Offered(portal).SetEquals(wanted) ? new WritePortal(portal.Id, "it does not offer what the catalog sells")
            : differences.Count > 0 ? new WritePortal(portal.Id, $"it differs in {string.Join(", ", differences)}")
            : new LeavePortal(portal.Id);
    }

    /// <summary>The configured one, or the oldest of ours: two runs at once may have made one each.</summary>
    private static Configuration? Find(IReadOnlyList<Configuration> portals, string? configured) =>
        portals.FirstOrDefault(portal => portal.Id == configured) ?? portals.LastOrDefault(portal => portal.Active && portal.Name == PortalTerms.Name);
}
