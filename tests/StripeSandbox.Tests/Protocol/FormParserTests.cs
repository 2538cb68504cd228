using FsCheck;
using FsCheck.Fluent;
using StripeSandbox.Protocol;

namespace StripeSandbox.Tests.Protocol;

public sealed class FormParserTests
{
    [Theory]
    [InlineData("a=1&b=2", "a=1 b=2")]
    [InlineData("a%5Bb%5D=1", "a[b]=1")]
    [InlineData("a[b][c]=x+y%2B", "a[b][c]=x y+")]
    [InlineData("expand[]=x&expand[]=y", "expand[0]=x expand[1]=y")]
    [InlineData("items[0][price]=p&items[0][quantity]=2", "items[0][price]=p items[0][quantity]=2")]
    [InlineData("items[][price]=p&items[][quantity]=2&items[][price]=q", "items[0][price]=p items[0][quantity]=2 items[1][price]=q")]
    [InlineData("metadata[k]=", "metadata[k]=")]
    [InlineData("a=1&a=2", "a=2")]
    [InlineData("a[b=1", "a[b=1")]
    [InlineData("a", "a=")]
    [InlineData("", "")]
    public void Form_AsClientsSendIt_IsUnderstood(string form, string leaves) => Assert.Equal(leaves, string.Join(' ', FormParser.Parse(form).Leaves()));

    [Theory]
    [InlineData("a=1&a[b]=2")]
    [InlineData("a[b]=2&a=1")]
    public void Form_TextAndGroupUnderOneName_IsRefused(string form) => Assert.Equal(400, Assert.Throws<StripeError>(() => FormParser.Parse(form)).Status);

    [Fact]
    public void Form_AnyNamesAndTexts_SurvivesTheWire()
    {
        var name = Gen.Elements("org", "plan", "x y", "ü", "a.b", "100%", "a&b=c+d");
        var text = ArbMap.Default.GeneratorFor<string>().Select(value => (value ?? "").Replace("\0", "", StringComparison.Ordinal)).Where(IsWhole);
        var cases = from names in name.ArrayOf() from value in text select (Path: names.Prepend("root").Take(5).ToArray(), value);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var wire = c.Path[0] + string.Concat(c.Path[1..].Select(segment => $"[{Uri.EscapeDataString(segment)}]")) + "=" + Uri.EscapeDataString(c.value);
            var node = c.Path.Aggregate(FormParser.Parse(wire), (parent, segment) => parent.Children[segment]);
            return node.Text == c.value;
        }).QuickCheckThrowOnFailure();
    }

    // A lone surrogate cannot be sent as UTF-8 at all.
    private static bool IsWhole(string text) => !text.Any(char.IsSurrogate);
}
