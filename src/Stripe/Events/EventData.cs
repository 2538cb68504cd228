using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>The snapshot that an event carries: the object as it was then, with nothing expanded.</summary>
[JsonConverter(typeof(EventDataConverter))]
public sealed class EventData
{
    private JsonNode? _rawObject;
    private JsonNode? _previousAttributes;

    internal EventData()
    {
    }

    /// <summary>Null when the object is of a type that this client does not know.</summary>
    public IHasObject? Object { get; internal set; }

    /// <summary>
    /// The former values of what changed, on <c>*.updated</c> events; nested objects give only the changed leaves, arrays come
    /// whole. Index it, as in <c>PreviousAttributes["status"]</c>; null on other events.
    /// </summary>
    /// <exception cref="JsonException">It names something twice.</exception>
    public dynamic? PreviousAttributes => _previousAttributes ??= Node(PreviousJson);

    /// <summary>The whole object as JSON; index it, or turn it into text with <c>ToString</c>.</summary>
    /// <exception cref="JsonException">A part of it that this client does not read names something twice.</exception>
    public dynamic? RawObject => _rawObject ??= Node(ObjectJson);

    /// <summary>Set while the payload is read, and nothing else is then.</summary>
    internal EventDataSpans? Spans { get; init; }

    /// <summary>The JSON of the object, as it came; empty if there is none.</summary>
    internal ReadOnlyMemory<byte> ObjectJson { get; init; }

    /// <summary>The JSON of the previous attributes, as it came; empty if there are none.</summary>
    internal ReadOnlyMemory<byte> PreviousJson { get; init; }

    private static JsonObject? Node(ReadOnlyMemory<byte> json) =>
        json.IsEmpty ? null : StripeJson.Deserialize<JsonElement>(json.Span) is { ValueKind: JsonValueKind.Object } element ? JsonObject.Create(element) : null;
}
