namespace Stripe.Tests.Server;

/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query exactly as they came over the wire.</param>
/// <param name="Headers">By name, in any case.</param>
/// <param name="Body">The body as text.</param>
internal sealed record RecordedRequest(
    string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Path => Target.Split('?')[0];

    public IReadOnlyDictionary<string, string> Query => Decode(Target.Contains('?') ? Target.Split('?', 2)[1] : "");

    public IReadOnlyDictionary<string, string> Form => Decode(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    private static Dictionary<string, string> Decode(string text) => FormDecoder.Pairs(text).ToDictionary();
}
