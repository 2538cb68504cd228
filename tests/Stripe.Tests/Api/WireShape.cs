using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Stripe.Tests.Api;

/// <summary>The classes that are written to or read from the wire, property by property.</summary>
internal static class WireShape
{
    /// <summary>Classes read as plain JSON objects; lists and event data have converters and tests of their own.</summary>
    public static IEnumerable<Type> JsonTypes => PublicSurface.Types.Where(type =>
        type is { IsClass: true, IsAbstract: false, IsGenericType: false }
        && StripeJsonContext.Default.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object });

    public static IEnumerable<Type> OptionTypes => PublicSurface.Types.Where(type =>
        typeof(INestedOptions).IsAssignableFrom(type) && type != typeof(BaseOptions) && type != typeof(ListOptions));

    public static IEnumerable<PropertyInfo> PublicProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name != "StripeResponse");

    /// <summary>The expandable reference behind a property, if it is one.</summary>
    public static bool IsReference(PropertyInfo property) => property.GetCustomAttribute<JsonIgnoreAttribute>() is not null;

    /// <summary>The element of a list, the value of either half of an option, or the type itself.</summary>
    public static Type Core(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return underlying;
        }

        if (!type.IsGenericType || type.Name.StartsWith("Dictionary", StringComparison.Ordinal))
        {
            return type;
        }

        return type.Name.StartsWith("AnyOf", StringComparison.Ordinal)
            ? type.GetGenericArguments()[1]
            : type.GetGenericArguments()[0];
    }
}
