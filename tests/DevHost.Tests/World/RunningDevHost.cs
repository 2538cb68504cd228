using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace DevHost.Tests.World;

/// <summary>DevHost as a developer starts it: the built program in a process of its own, killed at the latest with the test.</summary>
internal sealed class RunningDevHost : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private RunningDevHost(Process process)
    {
        _process = process;
        Collect(_output, handler => process.OutputDataReceived += handler);
        Collect(_error, handler => process.ErrorDataReceived += handler);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote once everything answered.</summary>
    public ReadyFile Ready { get; private set; } = null!;

    public int Id => _process.Id;

    public string Output => Read(_output);

    public string Error => Read(_error);

    public BillingClient Billing => new(Ready);

    /// <summary>A client of the sandbox.</summary>
    public Stripe.StripeClient Stripe => new(Ready.StripeApiKey, apiBase: Ready.SandboxUrl);

    /// <summary>The arguments of a run that keeps its data and takes free ports.</summary>
    public static string[] Keeping(string folder) => ["--data", folder, "--port", "0", "--sandbox-port", "0", "--postgres-port", "0"];

    /// <summary>What dotnet is to run for <c>dotnet run --project src/DevHost</c>; skips the test where the sources are not around.</summary>
    public static string[] ByDotnetRun()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Billing.sln")))
        {
            root = root.Parent;
        }
        Assert.SkipWhen(root is null, "The tests were not built inside the repository.");
        return ["run", "--no-build", "--configuration", output.Parent!.Name, "--project", Path.Combine(root.FullName, "src/DevHost"), "--"];
    }

    /// <summary>Starts it and waits until it is ready; with the ready file in the folder.</summary>
    public static async Task<RunningDevHost> StartAsync(
        TemporaryFolder folder, string[] arguments, (string Name, string Value)? variable = null, string[]? program = null)
    {
        var file = folder["ready.json"];
        File.Delete(file);
        var host = Launch(folder, [.. arguments, "--ready-file", file], variable, program);
        try
        {
            await Eventually.TrueAsync(() => File.Exists(file) || host._process.HasExited, $"DevHost is ready. {host.Output}{host.Error}");
            Assert.True(File.Exists(file), $"DevHost ended: {host.Error}{host.Output}");
            host.Ready = new ReadyFile((JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(file, Eventually.Ct))!);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs it where it is bound to give up, until it has.</summary>
    public static async Task<Shell.Outcome> RefuseAsync(TemporaryFolder folder, string[] arguments, (string Name, string Value)? variable = null)
    {
        await using var host = Launch(folder, arguments, variable);
        return new Shell.Outcome(await host.EndAsync(), host.Output, host.Error);
    }

    /// <summary>Starts it, with the folder as its current and as the system's temporary one.</summary>
    /// <param name="program">What dotnet is to run. Default: the built program.</param>
    public static RunningDevHost Launch(
        TemporaryFolder folder, string[] arguments, (string Name, string Value)? variable = null, string[]? program = null)
    {
        program ??= [Path.Combine(AppContext.BaseDirectory, "DevHost.dll")];
        var start = new ProcessStartInfo("dotnet", [.. program, .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = folder.Path;
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // the runtime leaves a socket in the temporary folder when it is killed
        start.Environment.Remove("BILLING_PG");
        if (variable is var (name, value))
        {
            start.Environment[name] = value;
        }
        return new RunningDevHost(Process.Start(start)!);
    }

    /// <summary>Ends it with a signal and waits until it has ended.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync(string signal)
    {
        Assert.SkipWhen(signal == "INT" && Shell.IgnoresInterrupts, "Whoever started the tests ignores SIGINT, and so does all that they start.");
        Shell.Signal(_process.Id, signal);
        return EndAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(Eventually.Ct).WaitAsync(Eventually.Patience, Eventually.Ct);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private static void Collect(StringBuilder into, Action<DataReceivedEventHandler> subscribe) => subscribe((_, line) =>
    {
        lock (into)
        {
            into.Append(line.Data is null ? "" : line.Data + "\n");
        }
    });

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
