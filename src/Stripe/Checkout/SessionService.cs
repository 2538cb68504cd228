namespace Stripe.Checkout;

/// <summary>Checkout sessions. Only an open session can be expired; any other answers 400.</summary>
public sealed class SessionService(IStripeClient client)
{
    private const string Root = "/v1/checkout/sessions";

    public SessionLineItemService LineItems { get; } = new(client);

    public Task<Session> CreateAsync(
        SessionCreateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Session>(Root, options, requestOptions, cancellationToken);

    public Task<Session> GetAsync(
        string id,
        SessionGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Session>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Session>> ListAsync(
        SessionListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Session>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Session> ListAutoPagingAsync(
        SessionListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Session>(Root, options, requestOptions, cancellationToken);

    public Task<Session> ExpireAsync(
        string id,
        SessionExpireOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Session>(ResourcePath.For(Root, id, "expire"), options, requestOptions, cancellationToken);
}
