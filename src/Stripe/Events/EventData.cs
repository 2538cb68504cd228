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
    public dynamic? PreviousAttributes => _previousAttributes ??= Node(PreviousElement);

    /// <summary>The whole object as JSON; index it, or turn it into text with <c>ToString</c>.</summary>
    public dynamic? RawObject => _rawObject ??= Node(ObjectElement);

    internal JsonElement ObjectElement { get; init; }
    internal JsonElement PreviousElement { get; init; }

    private static JsonObject? Node(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? JsonObject.Create(element) : null;
}
