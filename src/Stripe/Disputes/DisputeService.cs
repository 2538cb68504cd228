namespace Stripe;

/// <summary>Disputes, which buyers open at their bank.</summary>
public sealed class DisputeService(IStripeClient client)
{
    private const string Root = "/v1/disputes";

    public Task<Dispute> GetAsync(
        string id,
        DisputeGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Dispute>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Dispute>> ListAsync(
        DisputeListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Dispute>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Dispute> ListAutoPagingAsync(
        DisputeListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Dispute>(Root, options, requestOptions, cancellationToken);
}
