using Billing.Catalog;
using Billing.Setup;
using Billing.StripeCalls;
using Microsoft.Extensions.Options;
using Stripe.BillingPortal;

namespace Billing.Doctor.Checks;

/// <summary>Whether the portal configuration that links are made with lets customers change to every plan, on our terms (DESIGN section 4).</summary>
internal sealed class PortalCheck(
    [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, PlanCatalog catalog, IOptions<StripeOptions> options) : ICheck
{
    public Source Source => Source.Stripe;

    public string Subject => "portal configurations";

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        var reads = new StripeReads(stripe);
        var configured = options.Value.PortalConfiguration;
        var portal = (await reads.PortalsAsync(cancellationToken)).FirstOrDefault(one => configured is null ? one.IsDefault : one.Id == configured);
        if (portal is null)
        {
            return [FindingKinds.PortalMissing.Found(configured is null
                ? "Stripe:PortalConfiguration is not set, and the account has no default configuration of the billing portal."
                : $"Stripe:PortalConfiguration is {configured}, which is not at Stripe.")];
        }
        return [.. Wrong(portal, await reads.NamedPricesAsync(catalog, cancellationToken))];
    }

    private IEnumerable<Finding> Wrong(Configuration portal, IReadOnlyList<Stripe.Price> prices)
    {
        var subject = $"The portal configuration {portal.Id}{(options.Value.PortalConfiguration is null ? ", the account's default," : "")}";
        if (!portal.Active)
        {
            yield return FindingKinds.PortalInactive.Found($"{subject} is inactive.");
        }
        var (wanted, offered) = (prices.ToDictionary(price => price.Id), PortalTerms.Offered(portal));
        var missing = wanted.Values.Where(price => !offered.Contains(price.Id)).Select(price => price.LookupKey ?? price.Id).Order().ToList();
        if (missing.Count > 0)
        {
            yield return FindingKinds.PortalPrices.Found($"{subject} does not offer {string.Join(", ", missing)}.");
        }
        if (offered.Where(id => !wanted.ContainsKey(id)).Order().ToList() is { Count: > 0 } foreign)
        {
            yield return FindingKinds.PortalPrices.Found($"{subject} offers {string.Join(", ", foreign)}, which the catalog does not sell.");
        }
        if (PortalTerms.Differences(portal).ToList() is { Count: > 0 } differences)
        {
            yield return FindingKinds.PortalTerms.Found($"{subject} is not as plan changes need it: {string.Join(", ", differences)}.");
        }
        if (portal.Livemode != options.Value.Livemode)
        {
            yield return Modes.Mixed(subject, portal.Livemode);
        }
    }
}
