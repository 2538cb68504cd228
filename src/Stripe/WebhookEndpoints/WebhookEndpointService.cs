namespace Stripe;

/// <summary>Webhook endpoints.</summary>
public sealed class WebhookEndpointService(IStripeClient client)
{
    private const string Root = "/v1/webhook_endpoints";

    public Task<WebhookEndpoint> CreateAsync(
        WebhookEndpointCreateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<WebhookEndpoint>(Root, options, requestOptions, cancellationToken);

    public Task<WebhookEndpoint> GetAsync(
        string id,
        WebhookEndpointGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<WebhookEndpoint>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<WebhookEndpoint> UpdateAsync(
        string id,
        WebhookEndpointUpdateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<WebhookEndpoint>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<WebhookEndpoint>> ListAsync(
        WebhookEndpointListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<WebhookEndpoint>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<WebhookEndpoint> ListAutoPagingAsync(
        WebhookEndpointListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<WebhookEndpoint>(Root, options, requestOptions, cancellationToken);

    public Task<WebhookEndpoint> DeleteAsync(
        string id,
        WebhookEndpointDeleteOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.DeleteAsync<WebhookEndpoint>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);
}
