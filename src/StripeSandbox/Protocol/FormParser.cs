namespace StripeSandbox.Protocol;

/// <summary>
/// Stripe's form encoding: nested names in brackets, literal or percent-encoded; arrays as <c>a[]=</c> or
/// <c>a[0]=</c>; <c>+</c> is a space. Names are parsed after decoding. A name given twice keeps the last value.
/// </summary>
internal static class FormParser
{
    private const int MaxDepth = 16;

    /// <exception cref="StripeError">A name is given both a text and values below it, or nests too deeply.</exception>
    public static FormNode Parse(params ReadOnlySpan<string> forms)
    {
        var root = new FormNode();
        foreach (var form in forms)
        {
            foreach (var pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                var name = Decode(equals < 0 ? pair : pair[..equals]);
                Insert(root, name, equals < 0 ? "" : Decode(pair[(equals + 1)..]));
            }
        }

        return root;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static void Insert(FormNode root, string name, string text)
    {
        var segments = Segments(name);
        if (segments.Count > MaxDepth)
        {
            throw StripeError.BadParameter("Parameters are nested too deeply.", name);
        }

        var node = root;
        for (var i = 0; i < segments.Count; i++)
        {
            if (node.IsText)
            {
                throw StripeError.BadParameter($"Invalid object: {name}", name);
            }

            node = node.Child(segments[i].Length > 0 ? segments[i] : ArrayIndex(node, segments, i));
        }
        if (node.Children.Count > 0)
        {
            throw StripeError.BadParameter($"Invalid string: {name}", name);
        }

        node.Text = text;
    }

    // "a[][x]=1&a[][y]=2&a[][x]=3" is two elements: a repeated name begins the next one.
    private static string ArrayIndex(FormNode array, List<string> segments, int at)
    {
        var count = array.Children.Count;
        if (at + 1 < segments.Count && count > 0)
        {
            var last = (count - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (array.Children.TryGetValue(last, out var element) && !Holds(element, segments[(at + 1)..]))
            {
                return last;
            }
        }
        return count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool Holds(FormNode node, List<string> path)
    {
        foreach (var segment in path)
        {
            if (segment.Length == 0)
            {
                return false;
            }

            if (!node.Children.TryGetValue(segment, out var child))
            {
                return false;
            }

            node = child;
        }
        return true;
    }

    // A name that is not well formed ("a[b", "]") is one plain name, and so an unknown parameter.
    private static List<string> Segments(string name)
    {
        var open = name.IndexOf('[', StringComparison.Ordinal);
        if (open <= 0 || !name.EndsWith(']'))
        {
            return [name];
        }

        var inner = name[(open + 1)..^1].Split("][");
        return inner.Any(segment => segment.AsSpan().ContainsAny('[', ']')) ? [name] : [name[..open], .. inner];
    }
}
