namespace Billing.Cli;

/// <summary>Columns for people, a line per row. Control characters, which could forge a line or drive a terminal, become question marks.</summary>
internal static class TextTable
{
    public static async Task WriteAsync(TextWriter output, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = rows.Prepend(headings).Select(row => row.Select(Plain).ToList()).ToList();
        var widths = headings.Select((_, column) => lines.Max(line => line[column].Length)).ToList();
        foreach (var line in lines)
        {
            await output.WriteLineAsync(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    public static string Plain(string cell) => string.Concat(cell.Select(c => char.IsControl(c) ? '?' : c));
}
