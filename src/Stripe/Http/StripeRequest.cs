using System.Net.Http.Headers;
using System.Text;

namespace Stripe;

/// <summary>One call to Stripe. Every attempt is a fresh message with the same content.</summary>
internal sealed class StripeRequest
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("Billing-Stripe", typeof(StripeRequest).Assembly.GetName().Version!.ToString(3));

    public required HttpMethod Method { get; init; }
    public required Uri Uri { get; init; }
    public required string ApiKey { get; init; }
    public string? IdempotencyKey { get; init; }
    public string? StripeAccount { get; init; }

    /// <summary>The form of a POST, encoded; null for a method that carries no body.</summary>
    public string? Body { get; init; }

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Uri);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        message.Headers.UserAgent.Add(UserAgent);
        message.Headers.Add("Stripe-Version", StripeConfiguration.ApiVersion);
        if (IdempotencyKey is not null)
        {
            message.Headers.Add("Idempotency-Key", IdempotencyKey);
        }

        if (StripeAccount is not null)
        {
            message.Headers.Add("Stripe-Account", StripeAccount);
        }

        if (Body is not null)
        {
            message.Content = new StringContent(Body, Encoding.ASCII, "application/x-www-form-urlencoded");
            message.Content.Headers.ContentType!.CharSet = null;
        }

        return message;
    }
}
