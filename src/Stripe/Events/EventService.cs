namespace Stripe;

/// <summary>Events, kept by Stripe for 30 days.</summary>
public sealed class EventService(IStripeClient client)
{
    private const string Root = "/v1/events";

    public Task<Event> GetAsync(
        string id,
        EventGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Event>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Event>> ListAsync(
        EventListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Event>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Event> ListAutoPagingAsync(
        EventListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Event>(Root, options, requestOptions, cancellationToken);
}
