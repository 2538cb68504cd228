namespace Stripe;

/// <summary>What <see cref="V1Services.BillingPortal"/> groups.</summary>
public sealed class V1BillingPortalServices
{
    internal V1BillingPortalServices(IStripeClient client)
    {
        Configurations = new BillingPortal.ConfigurationService(client);
        Sessions = new BillingPortal.SessionService(client);
    }

    public BillingPortal.ConfigurationService Configurations { get; }
    public BillingPortal.SessionService Sessions { get; }
}
