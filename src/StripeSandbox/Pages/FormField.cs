using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Pages;

/// <summary>
/// A labelled input. An error stands below it, is read with it, and puts the cursor there when the page opens.
/// </summary>
internal sealed record FormField(string Name, string Label)
{
    public string Type { get; init; } = "text";

    /// <summary>Further attributes of the input, as HTML.</summary>
    public string Attributes { get; init; } = "";

    public string? Value { get; init; }

    public string? Example { get; init; }

    public string? Hint { get; init; }

    /// <summary>The name that errors of this field go by, if not its own.</summary>
    public string? ErrorName { get; init; }

    public bool IsRequired { get; init; }

    public bool IsLocked { get; init; }

    public string Html(PageError? error)
    {
        var message = error?.Field is { } field && field == (ErrorName ?? Name) ? error.Message : null;
        string?[] notes = [message is null ? null : $"{Name}-error", Hint is null ? null : $"{Name}-hint"];
        var described = string.Join(' ', notes.OfType<string>());
        return $"""
            <div class="field">
              <label for="{Name}">{E(Label)}</label>
              <input id="{Name}" name="{Name}" type="{Type}"{Flags(message is not null, described)} value="{E(Value)}"{(IsLocked ? " readonly" : "")}>
              {(message is null ? "" : $"""<p class="error" id="{Name}-error" role="alert">{E(message)}</p>""")}
              {(Hint is null ? "" : $"""<p class="hint" id="{Name}-hint">{E(Hint)}</p>""")}
            </div>
            """;
    }

    private string Flags(bool isWrong, string described) => (Attributes.Length == 0 ? "" : " " + Attributes)
        + (Example is null ? "" : $" placeholder=\"{E(Example)}\"")
        + (IsRequired ? " required" : "")
        + (isWrong ? " aria-invalid=\"true\" autofocus" : "")
        + (described.Length == 0 ? "" : $" aria-describedby=\"{described}\"");
}
