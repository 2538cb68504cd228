namespace Stripe;

/// <summary>Customers. Deleting one is permanent and cancels its subscriptions at once.</summary>
public sealed class CustomerService(IStripeClient client)
{
    private const string Root = "/v1/customers";

    public Task<Customer> CreateAsync(
        CustomerCreateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Customer>(Root, options, requestOptions, cancellationToken);

    public Task<Customer> GetAsync(
        string id,
        CustomerGetOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<Customer>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<Customer> UpdateAsync(
        string id,
        CustomerUpdateOptions options,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.PostAsync<Customer>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);

    public Task<StripeList<Customer>> ListAsync(
        CustomerListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.GetAsync<StripeList<Customer>>(Root, options, requestOptions, cancellationToken);

    public IAsyncEnumerable<Customer> ListAutoPagingAsync(
        CustomerListOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.ListAllAsync<Customer>(Root, options, requestOptions, cancellationToken);

    public Task<Customer> DeleteAsync(
        string id,
        CustomerDeleteOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        client.DeleteAsync<Customer>(ResourcePath.For(Root, id), options, requestOptions, cancellationToken);
}
