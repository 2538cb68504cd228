using System.Globalization;
using System.Text.Json.Nodes;

namespace StripeSandbox.Protocol;

/// <content>Single values: each reader checks what it reads.</content>
internal sealed partial class Params
{
    private const int MaxText = 5000;

    /// <summary>A text; null if omitted or unset.</summary>
    public string? Text(string name, int max = MaxText)
    {
        if (Read(name) is not { } child)
        {
            return null;
        }

        if (!child.IsText)
        {
            throw StripeError.BadParameter("Invalid string", PathOf(name));
        }

        if (child.Text!.Length > max)
        {
            throw StripeError.BadParameter($"Invalid string: {child.Text[..8]}...{child.Text[^4..]}; must be at most {max} characters", PathOf(name));
        }

        return child.Text.Length == 0 ? null : child.Text;
    }

    /// <summary>A text that may be omitted but not unset.</summary>
    public string? NonEmpty(string name, int max = MaxText)
    {
        if (IsUnset(name))
        {
            throw StripeError.BadParameter(
                $"You passed an empty string for '{PathOf(name)}'. We assume empty values are an attempt to unset a parameter; however "
                + $"'{PathOf(name)}' cannot be unset. You should remove '{PathOf(name)}' from your request or supply a non-empty value.",
                PathOf(name), "parameter_invalid_empty");
        }

        return Text(name, max);
    }

    public string Required(string name, int max = MaxText) => NonEmpty(name, max) ?? throw Missing(name);

    public StripeError Missing(string name) =>
        StripeError.BadParameter($"Missing required param: {PathOf(name)}.", PathOf(name), "parameter_missing");

    /// <summary>A whole number within the bounds, both included.</summary>
    public long? Integer(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (NonEmpty(name) is not { } text)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw StripeError.BadParameter($"Invalid integer: {text}", PathOf(name), "parameter_invalid_integer");
        }

        if (number < min)
        {
            throw StripeError.BadParameter($"This value must be greater than or equal to {min}.", PathOf(name), "parameter_invalid_integer");
        }

        if (number > max)
        {
            throw StripeError.BadParameter($"This value must be less than or equal to {max} (it currently is '{number}').", PathOf(name), "parameter_invalid_integer");
        }

        return number;
    }

    public bool? Flag(string name) => NonEmpty(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var text => throw StripeError.BadParameter($"Invalid boolean: {text}", PathOf(name)),
    };

    public string? OneOf(string name, params string[] allowed)
    {
        if (NonEmpty(name) is not { } text)
        {
            return null;
        }

        if (allowed.Contains(text))
        {
            return text;
        }

        var list = allowed.Length == 1 ? allowed[0] : string.Join(", ", allowed[..^1]) + (allowed.Length > 2 ? "," : "") + " or " + allowed[^1];
        throw StripeError.BadParameter($"Invalid {PathOf(name)}: must be {(allowed.Length > 1 ? "one of " : "")}{list}", PathOf(name));
    }

    /// <summary>A time in unix seconds.</summary>
    public long? Time(string name) => Integer(name, 0, 253402300799);

    /// <summary>An absolute http or https address. Braces of <c>{CHECKOUT_SESSION_ID}</c> are left as they are.</summary>
    public string? Url(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var plain = text.Replace("{CHECKOUT_SESSION_ID}", "id", StringComparison.Ordinal);
        if (Uri.TryCreate(plain, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return text;
        }

        throw StripeError.BadParameter("Not a valid URL", PathOf(name), "url_invalid");
    }

    public string? Email(string name)
    {
        if (Text(name, 512) is not { } text)
        {
            return null;
        }

        return IsEmail(text) ? text : throw StripeError.BadParameter($"Invalid email address: {text}", PathOf(name), "email_invalid");
    }

    public static bool IsEmail(string text) =>
        text.Split('@') is [{ Length: > 0 }, { Length: > 2 } domain] && domain.Contains('.', StringComparison.Ordinal)
        && !domain.StartsWith('.') && !domain.EndsWith('.') && !text.Any(char.IsWhiteSpace);

    /// <summary>At most one of these may be given.</summary>
    public void Exclusive(params string[] names)
    {
        if (names.Count(Has) > 1)
        {
            throw StripeError.BadParameter($"You may only specify one of these parameters: {string.Join(", ", names.Select(PathOf))}.", PathOf(names[0]), "parameters_exclusive");
        }
    }

    /// <summary>Copies texts that were given; an unset one becomes null.</summary>
    public void CopyTexts(JsonObject to, int max, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Has(name))
            {
                to[name] = Text(name, max);
            }
        }
    }
}
