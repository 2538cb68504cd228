using System.Collections;
using System.Globalization;

namespace Stripe;

/// <summary>Turns options into parameters, as Stripe's own SDKs do.</summary>
internal static class FormEncoder
{
    public static FormParameters Flatten(BaseOptions? options)
    {
        if (options is null)
        {
            return FormParameters.Empty;
        }

        var pairs = new List<KeyValuePair<string, string>>();
        AddOptions(pairs, null, options);
        foreach (var (key, value) in options.ExtraParams ?? new Dictionary<string, object?>())
        {
            AddValue(pairs, key, value);
        }

        return new(pairs);
    }

    private static void AddOptions(List<KeyValuePair<string, string>> pairs, string? prefix, INestedOptions options)
    {
        foreach (var (name, get) in OptionsShape.Of(options.GetType()))
        {
            if (get(options) is { } value)
            {
                AddValue(pairs, Nest(prefix, name), value);
            }
        }
    }

    private static void AddValue(List<KeyValuePair<string, string>> pairs, string key, object? value)
    {
        switch (value)
        {
            case IAnyOf either:
                AddValue(pairs, key, either.Value);
                break;
            case INestedOptions options:
                AddOptions(pairs, key, options);
                break;
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    AddValue(pairs, Nest(key, (string)entry.Key), entry.Value);
                }

                break;
            case IEnumerable list and not string:
                AddList(pairs, key, list);
                break;
            default:
                pairs.Add(new(key, Scalar(value)));
                break;
        }
    }

    private static void AddList(List<KeyValuePair<string, string>> pairs, string key, IEnumerable list)
    {
        var before = pairs.Count;
        var index = 0;
        foreach (var item in list)
        {
            AddValue(pairs, $"{key}[{index++}]", item);
        }
        // The form cannot say "no elements"; a bare key is how Stripe reads an emptied list.
        if (pairs.Count == before)
        {
            pairs.Add(new(key, ""));
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime time => UnixTime.ToSeconds(time).ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A parameter of type {value.GetType()} cannot be sent.", nameof(value)),
    };

    private static string Nest(string? prefix, string name) => prefix is null ? name : $"{prefix}[{name}]";
}
