using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Stripe;

internal sealed class EventDataConverter : JsonConverter<EventData>
{
    public override EventData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var data = JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<JsonElement>)options.GetTypeInfo(typeof(JsonElement)));
        if (data.ValueKind != JsonValueKind.Object
            || !data.TryGetProperty("object", out var element)
            || element.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The data of an event holds no object.");
        }

        return new EventData
        {
            Object = EventObjects.Read(element, options),
            ObjectElement = element,
            PreviousElement = data.TryGetProperty("previous_attributes", out var previous) ? previous : default,
        };
    }

    public override void Write(Utf8JsonWriter writer, EventData value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        WriteMember(writer, "object", value.ObjectElement);
        WriteMember(writer, "previous_attributes", value.PreviousElement);
        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return;
        }

        writer.WritePropertyName(name);
        // As it came: to re-encode it would fail on text that is not Unicode, which a part we do not read may hold.
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
    }
}
