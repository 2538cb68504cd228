using System.Reflection;
using System.Text.RegularExpressions;

namespace Stripe.Tests.Webhooks;

public sealed partial class EventTypesTests
{
    public static TheoryData<string, string> Constants => [.. typeof(EventTypes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(constant => (constant.Name, (string)constant.GetRawConstantValue()!))];

    [Theory]
    [MemberData(nameof(Constants))]
    public void Constant_Name_IsItsValueInPascalCase(string name, string value) =>
        Assert.Equal(name, WordStart().Replace(value, match => match.Groups[1].Value.ToUpperInvariant()));

    [GeneratedRegex("(?:^|[._])([a-z])")]
    private static partial Regex WordStart();
}
