using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Stripe;

/// <summary>JSON as Stripe writes it: snake_case names, unix times, unknown members and values allowed.</summary>
internal static class StripeJson
{
    public static readonly JsonSerializerOptions Options = CreateOptions();

    /// <exception cref="JsonException">The text is not JSON, is <c>null</c>, or a member has the wrong type.</exception>
    public static T Deserialize<T>(ReadOnlySpan<byte> utf8, JsonSerializerOptions? options = null) =>
        JsonSerializer.Deserialize(utf8, (JsonTypeInfo<T>)(options ?? Options).GetTypeInfo(typeof(T)))
        ?? throw new JsonException("The JSON is null.");

    public static string Serialize<T>(T value) =>
        JsonSerializer.Serialize(value, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)));

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(StripeJsonContext.Default.Options)
        {
            // Two values for one name would let two readers of the same signed payload see different events.
            AllowDuplicateProperties = false,
            TypeInfoResolver = StripeJsonContext.Default.WithAddedModifier(TakeNullAsAbsent),
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Keeps the promise of a property that is declared not null, should Stripe send null all the same.</summary>
    private static void TakeNullAsAbsent(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property is not { IsSetNullable: false, Set: { } set } || property.PropertyType.IsValueType)
            {
                continue;
            }

            property.IsSetNullable = true;
            property.Set = (target, value) =>
            {
                if (value is not null)
                {
                    set(target, value);
                }
            };
        }
    }
}
