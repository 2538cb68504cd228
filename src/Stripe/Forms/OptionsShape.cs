using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>The parameters that an options type can send: the snake_case of its property names, worked out once per type.</summary>
internal static class OptionsShape
{
    private static readonly ConcurrentDictionary<Type, (string Name, Func<object, object?> Get)[]> Shapes = new();

    public static (string Name, Func<object, object?> Get)[] Of(Type type) => Shapes.GetOrAdd(type, Read);

    internal static string WireName(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static (string Name, Func<object, object?> Get)[] Read(Type type) =>
        [.. type.GetProperties().Select(property => (WireName(property), (Func<object, object?>)property.GetValue))];
}
