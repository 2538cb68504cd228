using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe;

internal sealed class UnixTimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64()).UtcDateTime;
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or FormatException or InvalidOperationException)
        {
            throw new JsonException("A time is not a number of seconds between the years 1 and 9999.", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(UnixTime.ToSeconds(value));
}
