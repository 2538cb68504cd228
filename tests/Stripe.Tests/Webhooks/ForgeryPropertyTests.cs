using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Stripe.Tests.Webhooks;

public sealed class ForgeryPropertyTests
{
    private const string Secret = "whsec_test";
    private const long Now = 1785585600;

    private static readonly string Payload = EventJson.Of("""{"id":"cus_1","object":"customer","name":"ä"}""");
    private static readonly string Header = EventUtility.GenerateSignatureHeader(Payload, Secret, Now);

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void Payload_Mutated_NeverVerifies() =>
        Prop.ForAll(Mutations(Payload), forged => Refused(forged, Header)).Check(Thorough);

    /// <summary>Spaces around the items are the one change that verifies: they are trimmed, as in the official library.</summary>
    [Fact]
    public void Header_Mutated_NeverVerifies() =>
        Prop.ForAll(
            Mutations(Header).Filter(forged => string.Concat(forged.Where(c => !char.IsWhiteSpace(c))) != Header),
            forged => Refused(Payload, forged)).Check(Thorough);

    [Fact]
    public void Header_Arbitrary_IsOnlyEverAStripeException() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), header => Refused(Payload, header)).Check(Thorough);

    [Fact]
    public void Time_ArbitraryButSigned_IsOnlyEverAStripeException() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Filter(time => time is not null && !time.Any(char.IsSurrogate)),
            time => Refused(Payload, $"t={time},v1={EventUtility.ComputeSignature(Secret, time, Payload)}")).Check(Thorough);

    [Fact]
    public void Payload_ArbitraryButSigned_IsOnlyEverAStripeException() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Filter(text => text is not null && !text.Any(char.IsSurrogate)),
            text => Refused(text, EventUtility.GenerateSignatureHeader(text, Secret, Now))).Check(Thorough);

    /// <summary>Any value of an event replaced by any other: it parses or is a StripeException, and what parsed can be read.</summary>
    [Fact]
    public void Event_WithAnyMemberReplaced_ParsesOrIsAStripeException() =>
        Prop.ForAll(
            Arb.From(Gen.Elements(Members).Zip(Gen.Elements(Replacements))),
            pick =>
            {
                var root = JsonNode.Parse(Payload)!.AsObject();
                var path = pick.Item1.Split('/');
                var parent = path[..^1].Aggregate((JsonNode)root, (node, step) => node[step]!);
                parent.AsObject()[path[^1]] = "HERE";
                try
                {
                    var parsed = EventUtility.ParseEvent(root.ToJsonString().Replace("\"HERE\"", pick.Item2));
                    return parsed.ToJson().Length > 0 && parsed.Data.RawObject is not null;
                }
                catch (StripeException)
                {
                    return true;
                }
            }).Check(Thorough);

    private static readonly string[] Members =
    [
        "id", "object", "api_version", "created", "livemode", "pending_webhooks", "type", "request", "request/id", "data",
        "data/object", "data/object/id", "data/object/object", "data/object/name", "data/previous_attributes",
    ];

    private static readonly string[] Replacements =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "99999999999999999999", "\"\"", "\"x\"", "\"subscription\"", "\"\\ud800\"",
        "[]", "{}", "[null]", "{\"a\":{\"b\":[]}}", "{\"object\":\"invoice\"}",
    ];

    private static bool Refused(string payload, string header)
    {
        try
        {
            EventUtility.ConstructEvent(payload, header, Secret, 300, Now);
            return false;
        }
        catch (StripeException)
        {
            return true;
        }
    }

    /// <summary>One character changed, inserted or removed, anywhere.</summary>
    private static Arbitrary<string> Mutations(string original) => Arb.From(
        from at in Gen.Choose(0, original.Length - 1)
        from character in Gen.OneOf(Gen.Elements(original.ToCharArray()), ArbMap.Default.GeneratorFor<char>())
        from mutated in Gen.Elements(
            original.Remove(at, 1), original.Insert(at, $"{character}"), original.Remove(at, 1).Insert(at, $"{character}"))
        where mutated != original
        select mutated);
}
