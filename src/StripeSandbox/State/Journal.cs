using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StripeSandbox.Protocol;

namespace StripeSandbox.State;

/// <summary>
/// The state file: one line per commit, written through to the operating system before the commit is seen, so
/// that it survives the death of the process (not the loss of power). A line is whole or it does not count:
/// a torn last line is the commit that never happened. Without a file it keeps nothing. Safe for concurrent use.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream? _file;
    private readonly IDisposable? _hold;

    private Journal(FileStream? file, IDisposable? hold) => (_file, _hold) = (file, hold);

    public static Journal None => new(null, null);

    /// <summary>Opens the file for appending. The hold on it is given back when the journal is disposed.</summary>
    public static Journal Open(string path, IDisposable hold) =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), hold);

    public void Append(string account, IEnumerable<JsonObject> put, IEnumerable<string> removed)
    {
        if (_file is null)
        {
            return;
        }

        Write(Line(account, put, removed));
    }

    public void AppendClock(TimeSpan offset)
    {
        if (_file is null)
        {
            return;
        }

        Write(ClockLine(offset));
    }

    public static JsonObject Line(string account, IEnumerable<JsonObject> put, IEnumerable<string> removed) => new()
    {
        ["account"] = account,
        ["put"] = new JsonArray([.. put.Select(json => json.DeepClone())]),
        ["removed"] = new JsonArray([.. removed.Select(id => JsonValue.Create(id))]),
    };

    public static JsonObject ClockLine(TimeSpan offset) => new() { ["clock_offset_ms"] = (long)offset.TotalMilliseconds };

    /// <summary>The lines of the file in order.</summary>
    /// <exception cref="InvalidDataException">A line other than the last is not whole.</exception>
    public static IEnumerable<JsonObject> Read(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (TryParse(line) is { } json)
            {
                yield return json;
            }
            else if (!reader.EndOfStream)
            {
                throw new InvalidDataException($"Line {number} of the state file {path} is damaged. Delete the file to start afresh.");
            }
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _hold?.Dispose();
    }

    private static JsonObject? TryParse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(JsonObject line)
    {
        var bytes = Encoding.UTF8.GetBytes(line.ToJsonString(JsonOutput.Compact) + "\n");
        lock (_gate)
        {
            _file!.Write(bytes);
            _file.Flush();
        }
    }
}
