using System.Diagnostics;

namespace DevHost.Tests.World;

/// <summary>The system's own programs.</summary>
internal static class Shell
{
    public sealed record Outcome(int ExitCode, string Output, string Error);

    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a script with bash, which stops at its first failing command.</summary>
    /// <param name="script">Its lines.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="patience">Null: the usual one.</param>
    public static async Task<Outcome> BashAsync(string script, string folder, TimeSpan? patience = null)
    {
        var start = new ProcessStartInfo("bash", ["-e", "-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        try
        {
            var (output, error) = (bash.StandardOutput.ReadToEndAsync(Eventually.Ct), bash.StandardError.ReadToEndAsync(Eventually.Ct));
            await bash.WaitForExitAsync(Eventually.Ct).WaitAsync(patience ?? Eventually.Patience, Eventually.Ct);
            return new Outcome(bash.ExitCode, await output, await error);
        }
        finally
        {
            if (!bash.HasExited)
            {
                bash.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>
    /// Whether Ctrl+C is ignored here, as by what a script puts into the background; programs inherit that, and .NET's keep to it. Only Linux tells.
    /// </summary>
    public static bool IgnoresInterrupts => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (Convert.ToUInt64(mask["SigIgn:".Length..].Trim(), 16) & 0b10) != 0;

    /// <summary>Sends a signal such as <c>INT</c>.</summary>
    public static void Signal(int process, string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", """kill -s "$1" "$2" """, "sh", name, $"{process}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>The numbers of the live processes with this text in their command line.</summary>
    public static IReadOnlyList<int> ProcessesWith(string text)
    {
        const string List = """
            ps -eo pid=,args= 2>/dev/null || for p in /proc/[0-9]*; do echo "${p#/proc/} $(tr '\0\n' '  ' <$p/cmdline)"; done 2>/dev/null
            """;
        using var list = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", List]) { RedirectStandardOutput = true })!;
        return list.StandardOutput.ReadToEnd().Split('\n')
            .Where(line => line.Contains(text, StringComparison.Ordinal))
            .Select(line => int.Parse(line.Trim().Split(' ')[0]))
            .ToList();
    }
}
