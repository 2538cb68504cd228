using System.Text.Json;

namespace Stripe;

internal static class EventPayload
{
    /// <exception cref="StripeException">The payload is not a snapshot event.</exception>
    public static Event Parse(ReadOnlySpan<byte> utf8)
    {
        Event parsed;
        try
        {
            parsed = StripeJson.Deserialize<Event>(utf8);
        }
        catch (JsonException exception)
        {
            throw new StripeException("The payload is not an event.", exception);
        }

        if (parsed.Object != "event")
        {
            throw new StripeException("The payload is of another kind than a v1 snapshot event.");
        }

        if (parsed.Id.Length == 0 || parsed.Type.Length == 0 || string.IsNullOrEmpty(parsed.ApiVersion)
            || parsed.Data.ObjectElement.ValueKind != JsonValueKind.Object)
        {
            throw new StripeException("The event lacks its id, type, api_version or data.");
        }

        return parsed;
    }

    /// <summary>
    /// Whether the event has the shapes of our version. Releases of one train (the name after the dot) are compatible with each
    /// other.
    /// </summary>
    public static bool IsOfOurTrain(Event parsed) => Train(parsed.ApiVersion!) == Train(StripeConfiguration.ApiVersion);

    private static string Train(string apiVersion) => apiVersion[(apiVersion.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
