using System.Text.Json.Nodes;

namespace StripeSandbox.Protocol;

/// <content>Metadata: at most 50 keys of 40 characters with values of 500; updates merge by key.</content>
internal sealed partial class Params
{
    private const int MaxKeys = 50;
    private const int MaxKey = 40;
    private const int MaxValue = 500;

    public JsonObject NewMetadata(string name = "metadata")
    {
        var metadata = new JsonObject();
        MergeMetadata(metadata, name);
        return metadata;
    }

    /// <summary>An empty value removes its key; an empty parameter removes all.</summary>
    public void MergeMetadata(JsonObject metadata, string name = "metadata")
    {
        if (IsUnset(name))
        {
            metadata.Clear();
        }

        if (Object(name) is not { } given)
        {
            return;
        }

        foreach (var key in given.Names.ToArray())
        {
            if (key.Length > MaxKey)
            {
                throw StripeError.BadParameter($"Metadata keys can have up to {MaxKey} characters; '{key}' has {key.Length}.", given.PathOf(key));
            }

            if (key.AsSpan().ContainsAny('[', ']'))
            {
                throw StripeError.BadParameter("Metadata keys can't include square brackets.", given.PathOf(key));
            }

            var value = given.Text(key, int.MaxValue);
            if (value is { Length: > MaxValue })
            {
                throw StripeError.BadParameter($"Metadata values can have up to {MaxValue} characters, but you passed in a value that is {value.Length} characters.", given.PathOf(key));
            }

            if (value is null)
            {
                metadata.Remove(key);
            }
            else
            {
                metadata[key] = value;
            }
        }
        if (metadata.Count > MaxKeys)
        {
            throw StripeError.BadParameter($"You can have up to {MaxKeys} metadata keys; this object would have {metadata.Count}.", PathOf(name));
        }
    }
}
