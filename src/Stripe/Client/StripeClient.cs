using System.Net;
using System.Text.Json;

namespace Stripe;

/// <summary>The entry to the API. Thread-safe; one instance serves a whole process.</summary>
public sealed class StripeClient : IStripeClient
{
    private const string DefaultApiBase = "https://api.stripe.com";

    private readonly string? _apiKey;
    private readonly string _apiBase;
    private readonly IHttpClient _httpClient;

    /// <param name="apiKey">The secret key. When null, every call needs <see cref="RequestOptions.ApiKey"/>.</param>
    /// <param name="clientId">Used for OAuth only, which this client does not offer; it holds the position.</param>
    /// <param name="httpClient">Null means a <see cref="SystemNetHttpClient"/> with its defaults.</param>
    /// <param name="apiBase">Null means <c>https://api.stripe.com</c>; may carry a path prefix.</param>
    /// <exception cref="ArgumentException">The key is blank or holds whitespace, or the base is no http(s) URL.</exception>
    public StripeClient(
        string? apiKey = null, string? clientId = null, IHttpClient? httpClient = null, string? apiBase = null)
        : this(new StripeClientOptions { ApiKey = apiKey, HttpClient = httpClient, ApiBase = apiBase })
    {
        _ = clientId;
    }

    /// <inheritdoc cref="StripeClient(string, string, IHttpClient, string)"/>
    public StripeClient(StripeClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ApiKey is { } key && (key.Length == 0 || key.Any(char.IsWhiteSpace)))
        {
            throw new ArgumentException("The API key is empty or contains whitespace.", nameof(options));
        }

        _apiKey = options.ApiKey;
        _apiBase = (options.ApiBase ?? DefaultApiBase).TrimEnd('/');
        if (!Uri.TryCreate(_apiBase, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("The API base is not an absolute http or https URL.", nameof(options));
        }

        _httpClient = options.HttpClient ?? new SystemNetHttpClient();
        V1 = new V1Services(this);
    }

    public V1Services V1 { get; }

    async Task<T> IStripeClient.RequestAsync<T>(
        HttpMethod method,
        string path,
        FormParameters parameters,
        RequestOptions? requestOptions,
        CancellationToken cancellationToken)
    {
        var request = Prepare(method, path, parameters, requestOptions);
        var response = await _httpClient.SendAsync(request, cancellationToken);
        // Success is exactly 200, creates and deletes included; a redirect is an error like any other.
        return response.StatusCode == HttpStatusCode.OK ? Read<T>(response) : throw StripeErrors.From(response);
    }

    private StripeRequest Prepare(
        HttpMethod method, string path, FormParameters parameters, RequestOptions? requestOptions)
    {
        var isPost = method == HttpMethod.Post;
        var form = parameters.Encode();
        var query = isPost || form.Length == 0 ? "" : "?" + form;
        return new StripeRequest
        {
            Method = method,
            Uri = new Uri(_apiBase + path + query),
            ApiKey = requestOptions?.ApiKey ?? _apiKey ?? throw new StripeException(
                "No API key: pass one to StripeClient, or in RequestOptions.ApiKey for this call."),
            // Made once per call, so that every retry carries the same key (docs.stripe.com/api/idempotent_requests).
            IdempotencyKey = requestOptions?.IdempotencyKey ?? (isPost ? Guid.NewGuid().ToString() : null),
            StripeAccount = requestOptions?.StripeAccount,
            Body = isPost ? form : null,
        };
    }

    private static T Read<T>(StripeResponse response)
        where T : StripeEntity<T>
    {
        try
        {
            var entity = StripeJson.Deserialize<T>(response.Body);
            entity.StripeResponse = response;
            return entity;
        }
        catch (JsonException exception)
        {
            throw StripeErrors.Unreadable(response, exception);
        }
    }
}
