namespace Stripe;

/// <summary>Payment intents.</summary>
public sealed class PaymentIntentService(IStripeClient client)
{
    private const string Root = "/v1/payment_intents";

    public Task<PaymentIntent> GetAsync(
        string id,
        PaymentIntentGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<PaymentIntent>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);
}
