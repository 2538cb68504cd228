namespace Stripe;

/// <summary>Refunds. They come out of our balance, and neither end a subscription nor take back what was sold.</summary>
public sealed class RefundService(IStripeClient client)
{
    private const string Root = "/v1/refunds";

    public Task<Refund> CreateAsync(
        RefundCreateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Refund>(Root, options, requestOptions, cancellationToken);

    public Task<Refund> GetAsync(
        string id,
        RefundGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Refund>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Refund>> ListAsync(
        RefundListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Refund>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Refund> ListAutoPagingAsync(
        RefundListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Refund>(Root, options, requestOptions, cancellationToken);
}
