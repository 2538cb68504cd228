using System.Text.Json;

namespace Billing.Webhooks;

/// <summary>
/// What must be readable in a signed delivery for it to be stored at all. Whatever else cannot be read is a reason to park it, like anything
/// that cannot be applied, so that it is not lost (DESIGN rule 1).
/// </summary>
internal sealed record EventEnvelope(string Id, string Type, DateTimeOffset CreatedAt, bool Livemode)
{
    private const int MaxNameLength = 255;

    /// <summary>The same of an event that could be read in whole, or null if a field is malformed.</summary>
    public static EventEnvelope? Of(Stripe.Event e) => IsName(e.Id) && IsName(e.Type) && e.Created >= DateTime.UnixEpoch
        ? new EventEnvelope(e.Id, e.Type, e.Created, e.Livemode)
        : null;

    /// <summary>The envelope, or null if this is no snapshot event: no JSON, a thin event, or a field is missing or malformed.</summary>
    public static EventEnvelope? TryRead(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? TryRead(root) : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name or text with an unpaired surrogate.
            return null;
        }
    }

    private static EventEnvelope? TryRead(JsonElement root)
    {
        var isEvent = Text(root, "object") == "event" && root.TryGetProperty("data", out _);
        return isEvent && Name(root, "id") is { } id && Name(root, "type") is { } type
            && root.TryGetProperty("created", out var created) && created.ValueKind == JsonValueKind.Number
            && created.TryGetInt64(out var seconds) && seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            && root.TryGetProperty("livemode", out var livemode) && livemode.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? new EventEnvelope(id, type, DateTimeOffset.FromUnixTimeSeconds(seconds), livemode.GetBoolean())
                : null;
    }

    private static string? Name(JsonElement root, string field) => Text(root, field) is { } text && IsName(text) ? text : null;

    private static bool IsName(string? text) => text is { Length: > 0 and <= MaxNameLength } && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static string? Text(JsonElement root, string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
