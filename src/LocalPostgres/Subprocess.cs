using System.Diagnostics;

namespace LocalPostgres;

/// <summary>Short-lived commands: run to the end, all output kept.</summary>
internal static class Subprocess
{
    public sealed record Result(int ExitCode, string Output);

    /// <remarks>Cancelling ends the command and what it started.</remarks>
    public static async Task<Result> RunAsync(ProcessStartInfo start, CancellationToken ct)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new(process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
