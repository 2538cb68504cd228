using System.Text.Json;

namespace Stripe;

/// <summary>Where in a payload the parts of an event's data are, found in passing.</summary>
internal readonly record struct EventDataSpans(Range Object, Range? Previous)
{
    /// <param name="reader">Stands at the data, and has all of the payload; afterwards at the data's end.</param>
    /// <exception cref="JsonException">The data holds no object, or names a part twice.</exception>
    public static EventDataSpans Read(ref Utf8JsonReader reader)
    {
        Range? found = null, previous = null;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("object"u8))
                {
                    found = ReadOnce(ref reader, found, JsonTokenType.StartObject);
                }
                else if (reader.ValueTextEquals("previous_attributes"u8))
                {
                    previous = ReadOnce(ref reader, previous, JsonTokenType.None);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        return new EventDataSpans(found ?? throw new JsonException("The data of an event holds no object."), previous);
    }

    public EventData Of(ReadOnlyMemory<byte> payload)
    {
        var json = payload[Object];
        return new EventData { Object = EventObjects.Read(json.Span), ObjectJson = json, PreviousJson = Previous is { } previous ? payload[previous] : default };
    }

    private static Range ReadOnce(ref Utf8JsonReader reader, Range? before, JsonTokenType wanted)
    {
        reader.Read();
        if (before is not null || (wanted != JsonTokenType.None && reader.TokenType != wanted))
        {
            throw new JsonException("The data of an event holds no object, or a part of it twice.");
        }
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
