namespace Stripe;

internal static class ResourcePath
{
    /// <summary>The path of one object, or of something below it. The id is one percent-encoded segment, whatever it holds.</summary>
    /// <exception cref="ArgumentException">
    /// The id is blank or a dot segment: either would make another path, such as that of the whole list.
    /// </exception>
    public static string For(string root, string id, string? below = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        if (id is "." or "..")
        {
            throw new ArgumentException("An id cannot be a dot segment.", nameof(id));
        }

        var path = $"{root}/{Uri.EscapeDataString(id)}";
        return below is null ? path : $"{path}/{below}";
    }
}
