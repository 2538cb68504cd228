namespace StripeSandbox.Faults;

/// <summary>Which calls a fault is meant for: method and path, with segments and a rest that fit anything.</summary>
internal sealed record CallPattern(string Method, string[] Segments)
{
    private const string Any = "*";

    public static CallPattern Parse(string text)
    {
        var parts = text.Split(' ', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 1 ? new(Any, Split(parts[0])) : new(parts[0].ToUpperInvariant(), Split(parts[1]));
    }

    public bool Fits(string method, string path)
    {
        var segments = Split(path);
        var open = Segments[^1] == Any;
        var common = open ? Segments.Length - 1 : Segments.Length;
        return (Method == Any || Method == method) && (open ? segments.Length >= common : segments.Length == common)
            && Segments.Take(common).Zip(segments).All(pair => IsPlaceholder(pair.First) || IsPlaceholder(pair.Second) || pair.First == pair.Second);
    }

    // A path that is held against the pattern may be a route of the sandbox with placeholders of its own.
    private static bool IsPlaceholder(string segment) => segment.StartsWith('{');

    private static string[] Split(string path) => path.Trim('/').Split('/');
}
