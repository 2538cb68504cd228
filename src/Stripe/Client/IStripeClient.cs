namespace Stripe;

/// <summary>
/// What a service needs in order to call Stripe. Only <see cref="StripeClient"/> implements it: replace Stripe by pointing
/// <c>apiBase</c> elsewhere, not by a second implementation.
/// </summary>
public interface IStripeClient
{
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, from the API base on, already percent-encoded.</param>
    /// <param name="parameters">The parameters: the query of a GET or DELETE, the body of a POST.</param>
    /// <param name="requestOptions">What differs from the client's own settings.</param>
    /// <param name="cancellationToken">Ends the call, retries included.</param>
    internal Task<T> RequestAsync<T>(
        HttpMethod method,
        string path,
        FormParameters parameters,
        RequestOptions? requestOptions,
        CancellationToken cancellationToken)
        where T : StripeEntity<T>;
}
