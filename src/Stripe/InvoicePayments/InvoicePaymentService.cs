namespace Stripe;

/// <summary>Links between invoices and payments, readable from either side.</summary>
public sealed class InvoicePaymentService(IStripeClient client)
{
    private const string Root = "/v1/invoice_payments";

    public Task<InvoicePayment> GetAsync(
        string id,
        InvoicePaymentGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<InvoicePayment>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<InvoicePayment>> ListAsync(
        InvoicePaymentListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<InvoicePayment>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<InvoicePayment> ListAutoPagingAsync(
        InvoicePaymentListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<InvoicePayment>(Root, options, requestOptions, cancellationToken);
}
