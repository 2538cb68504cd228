namespace Stripe;

/// <summary>Charges.</summary>
public sealed class ChargeService(IStripeClient client)
{
    private const string Root = "/v1/charges";

    public Task<Charge> GetAsync(
        string id,
        ChargeGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Charge>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Charge>> ListAsync(
        ChargeListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Charge>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Charge> ListAutoPagingAsync(
        ChargeListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Charge>(Root, options, requestOptions, cancellationToken);
}
