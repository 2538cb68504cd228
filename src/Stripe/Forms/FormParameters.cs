namespace Stripe;

/// <summary>Wire names and values in the order in which they are sent, not yet percent-encoded.</summary>
internal sealed class FormParameters(IReadOnlyList<KeyValuePair<string, string>> pairs)
{
    public static readonly FormParameters Empty = new([]);

    public IReadOnlyList<KeyValuePair<string, string>> Pairs => pairs;

    public FormParameters With(string name, string value) => new([.. pairs, new(name, value)]);

    public FormParameters Without(params ReadOnlySpan<string> names)
    {
        var kept = new List<KeyValuePair<string, string>>(pairs.Count);
        foreach (var pair in pairs)
        {
            if (!names.Contains(pair.Key))
            {
                kept.Add(pair);
            }
        }

        return new(kept);
    }

    /// <summary>As <c>application/x-www-form-urlencoded</c>, pure ASCII. Brackets stay literal, as Stripe's own SDKs send them.</summary>
    public string Encode() => string.Join('&', pairs.Select(pair =>
        Escape(pair.Key).Replace("%5B", "[").Replace("%5D", "]") + "=" + Escape(pair.Value)));

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+");
}
