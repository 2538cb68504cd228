using System.Reflection;
using System.Text.RegularExpressions;

namespace Stripe.Tests.Api;

/// <summary>
/// Holds the names of the assembly to the notes on the official package that <c>STRIPE_NET_API</c> points at, so that nothing
/// is invented which would not compile against it.
/// </summary>
public sealed partial class StripeNetNamesTests
{
    private const string Variable = "STRIPE_NET_API";

    /// <summary>What the notes are silent on and src/Billing was seen to compile with, against Stripe.net 53.1.0.</summary>
    private static readonly HashSet<string> SeenToCompile =
    [
        "Stripe.Product.DefaultPrice", "Stripe.Product.DefaultPriceId", "Stripe.ProductUpdateOptions.DefaultPrice",
        "Stripe.WebhookEndpointUpdateOptions.Disabled",
    ];

    [Fact]
    public void Names_OfPublicTypesAndMembers_OccurInTheNotes()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path))
        {
            Assert.Skip($"{Variable} is not set.");
        }

        var words = Word().Matches(File.ReadAllText(path)).Select(match => match.Value).ToHashSet();
        var parts = words.Concat(words.Where(word => word.EndsWith('s')).Select(word => word[..^1]))
            .Where(word => word.Length > 1 && char.IsUpper(word[0])).ToHashSet();

        var invented = PublicSurface.Types.Where(type => !IsPathBuilt(type.Name.Split('`')[0], parts)).Select(type => type.FullName!)
            .Concat(PublicSurface.Types.SelectMany(PublicSurface.MembersOf)
                .Where(member => !IsListed(member, words))
                .Select(member => $"{member.DeclaringType!.FullName}.{member.Name}"))
            .Where(name => !SeenToCompile.Contains(name))
            .Order()
            .ToList();

        Assert.True(invented is [], "Not in the notes:\n" + string.Join('\n', invented));
    }

    /// <summary>Class names carry the path to them: all parts of the path must be known, in the singular for list items.</summary>
    private static bool IsPathBuilt(string name, HashSet<string> parts) =>
        name.Length == 0
        || Enumerable.Range(1, name.Length).Any(n => parts.Contains(name[..n]) && IsPathBuilt(name[n..], parts));

    private static bool IsListed(MemberInfo member, HashSet<string> words) => member switch
    {
        ConstructorInfo => true,
        // The notes give some of these constants "such as"; their names are tested against their values instead.
        FieldInfo when member.DeclaringType == typeof(EventTypes) => true,
        MethodInfo { IsSpecialName: true } => true,
        MethodInfo { Name: "GetEnumerator" } => true,
        MethodInfo => words.Contains(member.Name) || words.Contains(Async().Replace(member.Name, "")),
        // An expandable x is listed as XId.
        _ => words.Contains(member.Name) || words.Contains(member.Name + "Id"),
    };

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*")]
    private static partial Regex Word();

    [GeneratedRegex("Async$")]
    private static partial Regex Async();
}
