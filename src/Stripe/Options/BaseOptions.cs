namespace Stripe;

/// <summary>
/// The parameters of a call. A property left null is not sent, which leaves the value at Stripe alone; an empty string
/// clears it.
/// </summary>
public class BaseOptions : INestedOptions
{
    private Dictionary<string, object?>? _extraParams;

    internal BaseOptions()
    {
    }

    /// <summary>Dotted paths, up to four levels deep; on lists they start with <c>data.</c></summary>
    public List<string>? Expand { get; set; }

    internal IReadOnlyDictionary<string, object?>? ExtraParams => _extraParams;

    public void AddExpand(string value) => (Expand ??= []).Add(value);

    /// <summary>Sends a parameter that has no property here.</summary>
    /// <param name="key">The wire name; may be nested, as in <c>customer_update[address]</c>.</param>
    /// <param name="value">A string, number, boolean, UTC time, list or dictionary of these.</param>
    public void AddExtraParam(string key, object? value) => (_extraParams ??= [])[key] = value;
}
