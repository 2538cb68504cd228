using System.Text.Json;

namespace Stripe;

/// <summary>Makes exceptions of answers.</summary>
internal static class StripeErrors
{
    public static StripeException From(StripeResponse response)
    {
        var error = Parse(response.Body);
        var message = error?.Message ?? $"Stripe answered {(int)response.StatusCode} without an error message{Request(response)}.";
        return new StripeException(response.StatusCode, error, message) { StripeResponse = response };
    }

    public static StripeException Unreadable(StripeResponse response, JsonException cause) =>
        new($"Stripe answered {(int)response.StatusCode} with a body that is not the expected object{Request(response)}.", cause)
        {
            HttpStatusCode = response.StatusCode,
            StripeResponse = response,
        };

    /// <summary>Null for a body that is no Stripe error: what went wrong is then known by its status alone.</summary>
    private static StripeError? Parse(byte[] body)
    {
        try
        {
            return StripeJson.Deserialize<StripeErrorEnvelope>(body).Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Request(StripeResponse response) =>
        response.RequestId is { } id ? $" (request {id})" : "";
}
