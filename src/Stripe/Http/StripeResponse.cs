using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Stripe;

/// <summary>The answer behind an object or an error.</summary>
public sealed class StripeResponse
{
    internal StripeResponse(HttpStatusCode statusCode, HttpResponseHeaders headers, byte[] body)
    {
        StatusCode = statusCode;
        Headers = headers;
        Body = body;
    }

    public HttpStatusCode StatusCode { get; }
    public HttpResponseHeaders Headers { get; }

    /// <summary>Stripe's clock when it answered, to the second.</summary>
    public DateTimeOffset? Date => Headers.Date;

    /// <summary>The key as Stripe echoed it.</summary>
    public string? IdempotencyKey => Header("Idempotency-Key");

    /// <summary>What Stripe's support and dashboard find the call by (<c>req_</c>).</summary>
    public string? RequestId => Header("Request-Id");

    /// <summary>The body as text. It may hold personal data and secrets: never log it.</summary>
    public string Content => Encoding.UTF8.GetString(Body);

    internal byte[] Body { get; }

    internal string? Header(string name) =>
        Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
