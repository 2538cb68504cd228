using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Stripe.Tests.Api;

public sealed partial class WireNameTests
{
    public static TheoryData<Type> JsonTypes => [.. WireShape.JsonTypes];

    public static TheoryData<Type> OptionTypes => [.. WireShape.OptionTypes];

    [Theory]
    [MemberData(nameof(JsonTypes))]
    public void Entity_Properties_AreTheSnakeCaseOfTheirNames(Type type)
    {
        var wire = StripeJson.Options.GetTypeInfo(type).Properties.Where(property => property.Set is not null)
            .Select(property => property.Name).Order(StringComparer.Ordinal);
        var expected = WireShape.PublicProperties(type).Select(ExpectedName).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(expected, wire);
    }

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Option_Properties_AreTheSnakeCaseOfTheirNames(Type type)
    {
        var wire = OptionsShape.Of(type).Select(property => property.Name).Order(StringComparer.Ordinal);
        var expected = WireShape.PublicProperties(type)
            .Select(property => type == typeof(DateRangeOptions) ? Comparison(property.Name) : Snake(property.Name))
            .Order(StringComparer.Ordinal);

        Assert.Equal(expected, wire);
    }

    /// <summary>XId and X of an expandable share the name of x.</summary>
    private static string ExpectedName(PropertyInfo property)
    {
        var isIdOfExpandable = property.Name.EndsWith("Id", StringComparison.Ordinal)
            && property.GetCustomAttribute<JsonIgnoreAttribute>() is not null
            && property.DeclaringType!.GetProperty(property.Name[..^2]) is not null;
        return Snake(isIdOfExpandable ? property.Name[..^2] : property.Name);
    }

    private static string Comparison(string name) => (name[0] == 'G' ? "g" : "l") + (name.EndsWith("Equal", StringComparison.Ordinal) ? "te" : "t");

    private static string Snake(string name) => Hump().Replace(name, "_").ToLowerInvariant();

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex Hump();
}
