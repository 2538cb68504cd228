namespace Stripe;

/// <summary>Prices. The API has no delete: set <c>Active</c> to false.</summary>
public sealed class PriceService(IStripeClient client)
{
    private const string Root = "/v1/prices";

    public Task<Price> CreateAsync(
        PriceCreateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Price>(Root, options, requestOptions, cancellationToken);

    public Task<Price> GetAsync(
        string id,
        PriceGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Price>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<Price> UpdateAsync(
        string id,
        PriceUpdateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Price>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Price>> ListAsync(
        PriceListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Price>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Price> ListAutoPagingAsync(
        PriceListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Price>(Root, options, requestOptions, cancellationToken);
}
