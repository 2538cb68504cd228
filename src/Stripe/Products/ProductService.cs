namespace Stripe;

/// <summary>Products.</summary>
public sealed class ProductService(IStripeClient client)
{
    private const string Root = "/v1/products";

    public Task<Product> CreateAsync(
        ProductCreateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Product>(Root, options, requestOptions, cancellationToken);

    public Task<Product> GetAsync(
        string id,
        ProductGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Product>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<Product> UpdateAsync(
        string id,
        ProductUpdateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Product>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Product>> ListAsync(
        ProductListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Product>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Product> ListAutoPagingAsync(
        ProductListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Product>(Root, options, requestOptions, cancellationToken);
}
