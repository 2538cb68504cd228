namespace StripeSandbox.Protocol;

/// <summary>A value of a form: a text, or named (or numbered) values below it.</summary>
internal sealed class FormNode
{
    private readonly Dictionary<string, FormNode> _children = new(StringComparer.Ordinal);

    public string? Text { get; set; }

    public IReadOnlyDictionary<string, FormNode> Children => _children;

    public bool IsText => Text is not null;

    /// <summary>Whether the names below are those of an array: <c>a[]=</c> and <c>a[0]=</c> both number them.</summary>
    public bool IsArray => _children.Count > 0 && _children.Keys.All(key => key.All(char.IsAsciiDigit));

    public FormNode Child(string name)
    {
        if (!_children.TryGetValue(name, out var child))
        {
            _children[name] = child = new FormNode();
        }

        return child;
    }

    /// <summary>The leaves as <c>path=text</c> in the order of their paths: equal forms have equal leaves.</summary>
    public IEnumerable<string> Leaves(string path = "") => IsText
        ? [$"{path}={Text}"]
        : _children.OrderBy(child => child.Key, StringComparer.Ordinal)
            .SelectMany(child => child.Value.Leaves(path.Length == 0 ? child.Key : $"{path}[{child.Key}]"));
}
