namespace Stripe.BillingPortal;

/// <summary>Portal sessions: make one per visit.</summary>
public sealed class SessionService(IStripeClient client)
{
    private const string Root = "/v1/billing_portal/sessions";

    public Task<Session> CreateAsync(
        SessionCreateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Session>(Root, options, requestOptions, cancellationToken);
}
