namespace Stripe.Checkout;

/// <summary>The lines of one checkout session.</summary>
public sealed class SessionLineItemService(IStripeClient client)
{
    private const string Root = "/v1/checkout/sessions";

    public Task<StripeList<LineItem>> ListAsync(
        string parentId,
        SessionLineItemListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<LineItem>>(
            ResourcePath.For(Root, parentId, "line_items"), options, requestOptions, cancellationToken);

    public IAsyncEnumerable<LineItem> ListAutoPagingAsync(
        string parentId,
        SessionLineItemListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<LineItem>(
            ResourcePath.For(Root, parentId, "line_items"), options, requestOptions, cancellationToken);
}
