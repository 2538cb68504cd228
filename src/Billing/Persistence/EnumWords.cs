using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Billing.Persistence;

/// <summary>Keeps an enum as its snake_case word, readable in psql and free of the order of its members.</summary>
internal sealed class EnumWords<T>() : ValueConverter<T, string>(value => Words[value], word => Values[word])
    where T : struct, Enum
{
    /// <summary>The word, for SQL that is written out.</summary>
    public static string Of(T value) => Words[value];

    public static T From(string word) => Values[word];

    private static readonly Dictionary<T, string> Words =
        Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly Dictionary<string, T> Values = Words.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The value of exactly this word, or null.</summary>
    public static T? Find(string word) => Values.TryGetValue(word, out var value) ? value : null;
}
