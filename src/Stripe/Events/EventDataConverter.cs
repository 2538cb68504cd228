using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Stripe;

/// <summary>For events inside of other answers, such as a list; <see cref="EventPayload"/> reads those that are delivered.</summary>
internal sealed class EventDataConverter : JsonConverter<EventData>
{
    public override EventData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var data = JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<JsonElement>)options.GetTypeInfo(typeof(JsonElement)));
        var utf8 = JsonMarshal.GetRawUtf8Value(data).ToArray();
        var own = new Utf8JsonReader(utf8);
        own.Read();
        return EventDataSpans.Read(ref own).Of(utf8);
    }

    public override void Write(Utf8JsonWriter writer, EventData value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        WriteMember(writer, "object", value.ObjectJson);
        WriteMember(writer, "previous_attributes", value.PreviousJson);
        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return;
        }

        writer.WritePropertyName(name);
        // As it came: to re-encode it would fail on text that is not Unicode, which a part we do not read may hold.
        writer.WriteRawValue(json.Span, skipInputValidation: true);
    }
}
