using System.Reflection;
using System.Text.Json;

namespace Stripe.Tests.Api;

/// <summary>Holds what we send and read to Stripe's own description, where <c>STRIPE_OPENAPI</c> points at one.</summary>
public sealed class OpenApiTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void Version_Pinned_IsTheDescribedOne() =>
        Assert.Equal(OpenApi.LoadOrSkip().Version, StripeConfiguration.ApiVersion);

    [Fact]
    public void EventTypes_All_Exist()
    {
        var known = OpenApi.LoadOrSkip().EventTypes.ToHashSet();

        Assert.All(Webhooks.EventTypesTests.Constants, row => Assert.Contains(row.Data.Item2, known));
    }

    [Fact]
    public void Operations_All_ExistTakeOurParametersAndAnswerOurTypes()
    {
        var api = OpenApi.LoadOrSkip();
        var wrong = new List<string>();
        foreach (var operation in CapturingClient.Operations)
        {
            if (api.Operation(operation.Verb, operation.Path) is { } described)
            {
                CheckOptions(api, operation.Options, name => api.Parameter(described, name), operation.Name, wrong);
                var result = ((IHasObject)Activator.CreateInstance(WireShape.Core(operation.Result))!).Object;
                if (!api.AnswerObjects(described).Contains(result))
                {
                    wrong.Add($"{operation.Name}: does not answer a {result}");
                }
            }
            else
            {
                wrong.Add($"{operation.Name}: no {operation.Verb} {operation.Path}");
            }
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
    }

    [Fact]
    public void Entities_All_HaveOnlyDescribedPropertiesOfTheDescribedNullability()
    {
        var api = OpenApi.LoadOrSkip();
        var wrong = new List<string>();
        foreach (var type in WireShape.JsonTypes.Where(type => typeof(IHasObject).IsAssignableFrom(type)))
        {
            var name = ((IHasObject)Activator.CreateInstance(type)!).Object;
            if (api.Schema(name) is { } schema)
            {
                CheckEntity(api, type, schema, name, wrong);
            }
            else
            {
                wrong.Add($"{type}: no schema {name}");
            }
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
    }

    private static void CheckOptions(
        OpenApi api, Type type, Func<string, JsonElement?> find, string at, List<string> wrong)
    {
        foreach (var property in WireShape.PublicProperties(type))
        {
            var name = OptionsShape.WireName(property);
            var core = WireShape.Core(property.PropertyType);
            // Every options class has it; where an answer has nothing to expand, the description leaves it out.
            if (name == "expand")
            {
                continue;
            }

            if (find(name) is not { } schema)
            {
                wrong.Add($"{at}: no parameter {name}");
            }
            else if (typeof(INestedOptions).IsAssignableFrom(core))
            {
                CheckOptions(api, core, inner => api.Property(schema, inner), $"{at}.{name}", wrong);
            }
        }
    }

    private static void CheckEntity(OpenApi api, Type type, JsonElement schema, string at, List<string> wrong)
    {
        foreach (var property in WireShape.PublicProperties(type))
        {
            var reference = WireShape.IsReference(property);
            var name = OptionsShape.WireName(property);
            if (reference && property.PropertyType == typeof(string))
            {
                name = name[..^"_id".Length];
            }

            if (api.Property(schema, name) is not { } described)
            {
                wrong.Add($"{at}: no property {name}");
                continue;
            }

            // The object of a reference is null unless expanded; a quantity is "long" in the official package, absent or not.
            var exempt = (reference && property.PropertyType != typeof(string)) || property.Name == nameof(SubscriptionItem.Quantity);
            if (!exempt && MayBeAbsent(api, schema, name, described) != IsNullable(property))
            {
                wrong.Add($"{at}.{name}: {(IsNullable(property) ? "nullable here only" : "nullable there only")}");
            }

            var core = WireShape.Core(property.PropertyType);
            if (!reference && core.Namespace!.StartsWith("Stripe", StringComparison.Ordinal)
                && core is { IsClass: true } && core != typeof(EventData) && !typeof(IHasObject).IsAssignableFrom(core))
            {
                CheckEntity(api, core, described, $"{at}.{name}", wrong);
            }
        }
    }

    private static bool MayBeAbsent(OpenApi api, JsonElement schema, string name, JsonElement described) =>
        OpenApi.Find(described, "nullable") is { ValueKind: JsonValueKind.True }
        || !api.Objects(schema).Any(candidate => OpenApi.Find(candidate, "required") is { } required
            && required.EnumerateArray().Any(item => item.GetString() == name));

    private static bool IsNullable(PropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : Nullability.Create(property).ReadState == NullabilityState.Nullable;
}
