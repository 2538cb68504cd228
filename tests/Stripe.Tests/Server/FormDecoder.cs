using System.Text;

namespace Stripe.Tests.Server;

/// <summary>Reads a form byte by byte, sharing no code with the encoder.</summary>
internal static class FormDecoder
{
    public static IEnumerable<KeyValuePair<string, string>> Pairs(string text)
    {
        if (text.Length == 0)
        {
            yield break;
        }

        foreach (var pair in text.Split('&'))
        {
            var at = pair.IndexOf('=');
            Assert.True(at >= 0, $"No '=' in the pair {pair}");
            yield return new(Unescape(pair[..at]), Unescape(pair[(at + 1)..]));
        }
    }

    /// <summary>a[b][0]=c as {a: {b: {0: c}}}: the inner nodes are dictionaries, the leaves strings.</summary>
    public static Dictionary<string, object> Tree(string text)
    {
        var root = new Dictionary<string, object>();
        foreach (var (key, value) in Pairs(text))
        {
            var path = key.Replace("]", "").Split('[');
            var node = root;
            foreach (var step in path[..^1])
            {
                if (!node.TryGetValue(step, out var next))
                {
                    node[step] = next = new Dictionary<string, object>();
                }

                node = (Dictionary<string, object>)next;
            }

            node.Add(path[^1], value);
        }

        return root;
    }

    private static string Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            Assert.InRange(text[i], '!', '~');
            if (text[i] == '%')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add(text[i] == '+' ? (byte)' ' : (byte)text[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
