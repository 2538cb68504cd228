using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using StripeSandbox.Faults;

namespace StripeSandbox.Control;

/// <summary>Faults as the control API writes them: the public types field by field, spans of time in seconds.</summary>
internal static class FaultJson
{
    private static readonly JsonSerializerOptions Format = new()
    {
        AllowOutOfOrderMetadataProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new SecondsConverter() },
    };

    /// <exception cref="ArgumentException">It is no fault.</exception>
    public static Fault Read(JsonObject body)
    {
        try
        {
            return body.Deserialize<Fault>(Format)!;
        }
        catch (Exception malformed) when (malformed is JsonException or NotSupportedException or OverflowException)
        {
            throw new ArgumentException("This is no fault. Say \"on\": \"call\", \"delivery\" or \"charge\", a \"kind\" of the first two, and what else it has. "
                + malformed.Message, malformed);
        }
    }

    public static JsonObject Write(ActiveFault active)
    {
        var json = JsonSerializer.SerializeToNode(active.Fault, Format)!.AsObject();
        json.Insert(0, "id", active.Id);
        (json["fitted"], json["struck"]) = (active.Fitted, active.Struck);
        return json;
    }

    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? TimeSpan.FromSeconds(reader.GetDouble()) : throw new JsonException("A span of time is a number of seconds.");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalSeconds);
    }
}
