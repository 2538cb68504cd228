using FsCheck;
using FsCheck.Fluent;
using Stripe.Checkout;
using Stripe.Tests.Server;

namespace Stripe.Tests.Forms;

public sealed class FormRoundTripTests
{
    private static readonly Gen<string> Text =
        ArbMap.Default.GeneratorFor<string>().Where(text => text is null || !text.Any(char.IsSurrogate)).Select(text => text ?? "");

    private static readonly Gen<string> Key =
        Gen.NonEmptyListOf(Gen.Elements("abcdefghijklmnopqrstuvwxyz_&=+% äß漢".ToCharArray())).Select(string.Concat);

    [Fact]
    public void Tree_Any_DecodesToItself() =>
        Prop.ForAll(
            Arb.From(Gen.Sized(size => Tree(Math.Min(size, 12)))),
            tree =>
            {
                var options = new SessionGetOptions();
                options.AddExtraParam("root", tree);
                var decoded = FormDecoder.Tree(FormEncoder.Flatten(options).Encode());
                return Same(tree, decoded.GetValueOrDefault("root"));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Session_AnyTextsAndNumbers_DecodesToThem() =>
        Prop.ForAll(
            Arb.From(Text.Zip(Key)),
            ArbMap.Default.ArbFor<long>(),
            ArbMap.Default.ArbFor<bool>(),
            (texts, quantity, flag) =>
            {
                var (text, key) = texts;
                var encoded = FormEncoder.Flatten(new SessionCreateOptions
                {
                    AllowPromotionCodes = flag,
                    Metadata = new() { [key] = text },
                    LineItems = [new() { Quantity = quantity }, new() { Price = text }],
                }).Encode();
                var decoded = FormDecoder.Tree(encoded);
                var lines = (Dictionary<string, object>)decoded["line_items"];
                return (string)decoded["allow_promotion_codes"] == (flag ? "true" : "false")
                    && Same(new Dictionary<string, object> { [key] = text }, decoded["metadata"])
                    && long.Parse((string)((Dictionary<string, object>)lines["0"])["quantity"], null) == quantity
                    && (string)((Dictionary<string, object>)lines["1"])["price"] == text
                    && decoded.Count == 3;
            }).QuickCheckThrowOnFailure();

    private static Gen<object> Tree(int size) => size <= 1
        ? Text.Select(text => (object)text)
        : Gen.OneOf(
            Text.Select(text => (object)text),
            Gen.ListOf(Tree(size / 3)).Select(items => (object)items.ToList()),
            Gen.ListOf(Key.Zip(Tree(size / 3))).Select(items =>
                (object)items.DistinctBy(item => item.Item1).ToDictionary(item => item.Item1, item => item.Item2)));

    /// <summary>What the form cannot say: an empty dictionary is absent, a list of nothing but those is an empty text.</summary>
    private static bool Same(object model, object? decoded) => model switch
    {
        string text => text.Equals(decoded),
        List<object> list when list.All(Absent) => "".Equals(decoded),
        List<object> list => SameChildren(list.Select((item, i) => ($"{i}", item)), decoded),
        Dictionary<string, object> map when Absent(map) => decoded is null,
        Dictionary<string, object> map => SameChildren(map.Select(pair => (pair.Key, pair.Value)), decoded),
        _ => false,
    };

    private static bool SameChildren(IEnumerable<(string Key, object Value)> children, object? decoded)
    {
        var expected = children.Where(child => !Absent(child.Value)).ToList();
        return decoded is Dictionary<string, object> node
            && node.Count == expected.Count
            && expected.All(child => Same(child.Value, node.GetValueOrDefault(child.Key)));
    }

    private static bool Absent(object model) => model is Dictionary<string, object> map && map.Values.All(Absent);
}
