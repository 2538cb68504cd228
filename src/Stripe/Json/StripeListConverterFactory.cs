using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Stripe;

/// <summary>Reads a list as the object that it is on the wire: being enumerable, it would be taken for an array.</summary>
internal sealed class StripeListConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(StripeList<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(
            typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<StripeList<T>>
    {
        public override StripeList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("A list is not an object.");
            }

            var list = new StripeList<T>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref reader, list, options);
            }

            return list;
        }

        private static void ReadMember(ref Utf8JsonReader reader, StripeList<T> list, JsonSerializerOptions options)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "object":
                    list.Object = reader.GetString() ?? "";
                    break;
                case "data":
                    list.Data = ReadData(ref reader, options);
                    break;
                case "has_more":
                    list.HasMore = reader.GetBoolean();
                    break;
                case "url":
                    list.Url = reader.GetString() ?? "";
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        private static List<T> ReadData(ref Utf8JsonReader reader, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("The data of a list is not an array.");
            }

            var itemType = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
            var data = new List<T>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                data.Add(JsonSerializer.Deserialize(ref reader, itemType)
                    ?? throw new JsonException("A list holds a null."));
            }

            return data;
        }

        public override void Write(Utf8JsonWriter writer, StripeList<T> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("object", value.Object);
            writer.WriteStartArray("data");
            foreach (var item in value.Data)
            {
                JsonSerializer.Serialize(writer, item, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
            }

            writer.WriteEndArray();
            writer.WriteBoolean("has_more", value.HasMore);
            writer.WriteString("url", value.Url);
            writer.WriteEndObject();
        }
    }
}
