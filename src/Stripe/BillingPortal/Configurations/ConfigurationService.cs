namespace Stripe.BillingPortal;

/// <summary>Portal configurations.</summary>
public sealed class ConfigurationService(IStripeClient client)
{
    private const string Root = "/v1/billing_portal/configurations";

    public Task<Configuration> CreateAsync(
        ConfigurationCreateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Configuration>(Root, options, requestOptions, cancellationToken);

    public Task<StripeList<Configuration>> ListAsync(
        ConfigurationListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Configuration>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Configuration> ListAutoPagingAsync(
        ConfigurationListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Configuration>(Root, options, requestOptions, cancellationToken);

    public Task<Configuration> UpdateAsync(
        string id,
        ConfigurationUpdateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Configuration>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);
}
