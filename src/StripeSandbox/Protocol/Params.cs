namespace StripeSandbox.Protocol;

/// <summary>
/// The parameters of a request. Reading one checks it; those never read are unknown, which <see cref="RefuseUnread"/>
/// reports. Omitted and empty differ: omitted leaves a thing as it is, empty unsets it.
/// </summary>
internal sealed partial class Params(FormNode node, string path = "")
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Params> _nested = new(StringComparer.Ordinal);

    /// <summary>The names given, for parameters whose names the caller chooses (metadata).</summary>
    public IEnumerable<string> Names => node.Children.Keys;

    public bool Has(string name) => Read(name) is not null;

    public bool IsUnset(string name) => Read(name) is { Text: "" };

    /// <summary>Whether values are nested below the name, rather than a text given for it.</summary>
    public bool IsGroup(string name) => Read(name) is { IsText: false };

    /// <summary>The full name as Stripe spells it in messages: <c>line_items[0][price]</c>.</summary>
    public string PathOf(string name) => path.Length == 0 ? name : $"{path}[{name}]";

    /// <summary>A group of parameters; null if omitted or unset.</summary>
    public Params? Object(string name)
    {
        if (Read(name) is not { } child || child.Text is "")
        {
            return null;
        }

        if (child.IsText)
        {
            throw StripeError.BadParameter("Invalid object", PathOf(name));
        }

        return Nested(name, child);
    }

    /// <summary>The elements of an array of groups, in order.</summary>
    public IReadOnlyList<Params> Objects(string name)
    {
        var elements = Elements(name);
        if (elements.Any(element => element.Value.IsText))
        {
            throw StripeError.BadParameter("Invalid object", PathOf(name));
        }

        return elements.Count == 0 ? [] : [.. elements.Select(element => Nested(name, Read(name)!).Nested(element.Key, element.Value))];
    }

    /// <summary>The elements of an array of texts, in order; an unset array has none.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        [.. Elements(name).Select(element => element.Value.Text ?? throw StripeError.BadParameter("Invalid string", PathOf(name)))];

    /// <summary>Parameters that change nothing here and may be given: they are harmless.</summary>
    public void Accept(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Read(name);
        }
    }

    /// <summary>Parameters that Stripe documents and the sandbox refuses rather than pretend.</summary>
    public void RefuseNotEmulated(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Has(name))
            {
                throw StripeError.NotEmulated(PathOf(name));
            }
        }
    }

    /// <exception cref="StripeError">A parameter was given that nothing has read.</exception>
    public void RefuseUnread()
    {
        foreach (var (name, child) in node.Children)
        {
            if (!_read.Contains(name))
            {
                throw Unknown(FirstLeaf(PathOf(name), child));
            }

            _nested.GetValueOrDefault(name)?.RefuseUnread();
        }
    }

    private static StripeError Unknown(string name) =>
        StripeError.BadParameter($"Received unknown parameter: {name}", name, "parameter_unknown");

    private static string FirstLeaf(string path, FormNode child)
    {
        while (!child.IsText && child.Children.Count > 0)
        {
            var (name, next) = child.Children.First();
            (path, child) = ($"{path}[{name}]", next);
        }
        return path;
    }

    private FormNode? Read(string name)
    {
        _read.Add(name);
        return node.Children.GetValueOrDefault(name);
    }

    private Params Nested(string name, FormNode child)
    {
        _read.Add(name);
        if (!_nested.TryGetValue(name, out var nested))
        {
            _nested[name] = nested = new Params(child, PathOf(name));
        }

        return nested;
    }

    private List<KeyValuePair<string, FormNode>> Elements(string name)
    {
        if (Read(name) is not { } child || child.Text is "")
        {
            return [];
        }

        if (!child.IsArray)
        {
            throw StripeError.BadParameter("Invalid array", PathOf(name));
        }

        return [.. child.Children.OrderBy(element => element.Key.Length).ThenBy(element => element.Key, StringComparer.Ordinal)];
    }
}
