using Billing.Api;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Billing.Idempotency;

/// <summary>The key of a request, and what the request is.</summary>
/// <param name="Text">As the client sent it.</param>
/// <param name="Fingerprint">See <see cref="Idempotency.Fingerprint"/>.</param>
internal sealed record RequestKey(string Text, byte[] Fingerprint)
{
    /// <summary>The key that came with the request, or null.</summary>
    /// <param name="http">The request.</param>
    /// <param name="operation">Names the call in fingerprints, so never change it.</param>
    /// <param name="body">As bound and validated.</param>
    /// <exception cref="ApiException">400: it is no key.</exception>
    public static RequestKey? Read<T>(HttpContext http, string operation, T body)
    {
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return KeyHeader.Read(http.Request.Headers) is { } text
            ? new RequestKey(text, Idempotency.Fingerprint.Of(operation, http.Request.RouteValues, body, json))
            : null;
    }

    /// <summary>The key that came with the request.</summary>
    /// <exception cref="ApiException">400: none came, or it is no key.</exception>
    public static RequestKey Require<T>(HttpContext http, string operation, T body) => Read(http, operation, body)
        ?? throw new ApiException(ApiError.Validation(new FieldError(
            KeyHeader.Name, $"Send an {KeyHeader.Name}, such as a UUID: a retry with the same one debits only once.", "required")));
}
