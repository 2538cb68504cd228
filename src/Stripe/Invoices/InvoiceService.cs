namespace Stripe;

/// <summary>Invoices.</summary>
public sealed class InvoiceService(IStripeClient client)
{
    private const string Root = "/v1/invoices";

    public Task<Invoice> GetAsync(
        string id,
        InvoiceGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Invoice>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Invoice>> ListAsync(
        InvoiceListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Invoice>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Invoice> ListAutoPagingAsync(
        InvoiceListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Invoice>(Root, options, requestOptions, cancellationToken);
}
