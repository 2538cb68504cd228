namespace Stripe;

/// <summary>Subscriptions. Cancelling is immediate; a second cancel answers 404.</summary>
public sealed class SubscriptionService(IStripeClient client)
{
    private const string Root = "/v1/subscriptions";

    public Task<Subscription> GetAsync(
        string id,
        SubscriptionGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Subscription>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Subscription>> ListAsync(
        SubscriptionListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Subscription>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Subscription> ListAutoPagingAsync(
        SubscriptionListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Subscription>(Root, options, requestOptions, cancellationToken);

    public Task<Subscription> UpdateAsync(
        string id,
        SubscriptionUpdateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Subscription>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<Subscription> CancelAsync(
        string id,
        SubscriptionCancelOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.DeleteAsync<Subscription>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);
}
