namespace Stripe;

internal sealed class StripeErrorEnvelope
{
    public StripeError? Error { get; set; }
}
