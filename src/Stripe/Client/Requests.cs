namespace Stripe;

/// <summary>The verbs that services are written in.</summary>
internal static class Requests
{
    public static Task<T> GetAsync<T>(
        this IStripeClient client,
        string path,
        BaseOptions? options,
        RequestOptions? requestOptions,
        CancellationToken cancellationToken)
        where T : StripeEntity<T> =>
        client.RequestAsync<T>(HttpMethod.Get, path, FormEncoder.Flatten(options), requestOptions, cancellationToken);

    public static Task<T> PostAsync<T>(
        this IStripeClient client,
        string path,
        BaseOptions? options,
        RequestOptions? requestOptions,
        CancellationToken cancellationToken)
        where T : StripeEntity<T> =>
        client.RequestAsync<T>(HttpMethod.Post, path, FormEncoder.Flatten(options), requestOptions, cancellationToken);

    public static Task<T> DeleteAsync<T>(
        this IStripeClient client,
        string path,
        BaseOptions? options,
        RequestOptions? requestOptions,
        CancellationToken cancellationToken)
        where T : StripeEntity<T> =>
        client.RequestAsync<T>(HttpMethod.Delete, path, FormEncoder.Flatten(options), requestOptions, cancellationToken);
}
