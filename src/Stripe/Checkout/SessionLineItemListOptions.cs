namespace Stripe.Checkout;

public sealed class SessionLineItemListOptions : ListOptions;
