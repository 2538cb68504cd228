using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Billing.Tests.World;

/// <summary>The deployed program in a process of its own, which a test can kill as a machine's failure would.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly Process _process;

    private ServedProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>What it holds of the machine's memory, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<ServedProcess> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Billing.dll"), "serve", "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = EmptyFolder.FullName,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__")] = value;
        }
        start.Environment["DOTNET_TieredPGO"] = "0"; // it does not live long enough for a profile to pay
        start.Environment["Serilog__MinimumLevel__Default"] = "Information"; // it says where it listens
        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        return new ServedProcess(process, await ListeningAsync(process));
    }

    /// <summary>At once, with nothing tidied up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static async Task<Uri> ListeningAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Regex.Match(line, @"Now listening on: [\\""]*(http://[^""\\]+)") is { Success: true } match)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new Uri(match.Groups[1].Value);
            }
        }
        throw new InvalidOperationException("The program ended before it listened.");
    }
}
