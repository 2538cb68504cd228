namespace Stripe;

/// <summary>What <see cref="V1Services.Checkout"/> groups.</summary>
public sealed class V1CheckoutServices
{
    internal V1CheckoutServices(IStripeClient client) => Sessions = new Checkout.SessionService(client);

    public Checkout.SessionService Sessions { get; }
}
