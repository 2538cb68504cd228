using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>
/// Reads an event that came by itself. Its bytes are gone through once for the event, with the place of the object noted in passing, and that
/// part once more for the object.
/// </summary>
internal static class EventPayload
{
    private static readonly JsonSerializerOptions Options = new(StripeJson.Options) { Converters = { new DataInPassing() } };

    /// <exception cref="StripeException">The payload is not a snapshot event.</exception>
    public static Event Parse(byte[] utf8)
    {
        Event parsed;
        try
        {
            parsed = StripeJson.Deserialize<Event>(utf8, Options);
            parsed.Data = parsed.Data.Spans?.Of(utf8) ?? throw new JsonException("The event has no data.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name or text with half a surrogate pair.
            throw new StripeException("The payload is not an event.", exception);
        }

        if (parsed.Object != "event")
        {
            throw new StripeException("The payload is of another kind than a v1 snapshot event.");
        }

        if (parsed.Id.Length == 0 || parsed.Type.Length == 0 || string.IsNullOrEmpty(parsed.ApiVersion))
        {
            throw new StripeException("The event lacks its id, type or api_version.");
        }

        return parsed;
    }

    /// <summary>
    /// Whether the event has the shapes of our version. Releases of one train (the name after the dot) are compatible with each
    /// other.
    /// </summary>
    public static bool IsOfOurTrain(Event parsed) => Train(parsed.ApiVersion!) == Train(StripeConfiguration.ApiVersion);

    private static string Train(string apiVersion) => apiVersion[(apiVersion.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private sealed class DataInPassing : JsonConverter<EventData>
    {
        public override EventData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new() { Spans = EventDataSpans.Read(ref reader) };

        public override void Write(Utf8JsonWriter writer, EventData value, JsonSerializerOptions options) =>
            throw new NotSupportedException("It only reads.");
    }
}
