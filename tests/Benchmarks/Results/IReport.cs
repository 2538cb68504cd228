using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Benchmarks.Results;

/// <summary>What came out of one benchmark.</summary>
internal interface IReport
{
    /// <summary>Of its files.</summary>
    string Name { get; }

    /// <summary>What was stored or answered wrongly; must be none.</summary>
    IReadOnlyList<string> Problems { get; }

    /// <summary>Markdown.</summary>
    IEnumerable<string> Lines();
}

internal static class Reports
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a ratio to an opponent that finished nothing in its time
        WriteIndented = true,
    };

    public static string ToMarkdown(this IReport report) => string.Join('\n', report.Lines());

    /// <summary>As Markdown and JSON.</summary>
    public static void Write(this IReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, report.Name + ".md"), report.ToMarkdown() + "\n");
        File.WriteAllText(Path.Combine(folder, report.Name + ".json"), JsonSerializer.Serialize<object>(report, Json) + "\n");
    }
}
