using System.Diagnostics;
using System.Text.Json;

namespace LocalPostgres.Tests;

/// <summary>Another program that uses a server (<see cref="HeldServer"/>), perhaps as another user; killed at the end.</summary>
internal sealed class ChildProgram : IDisposable
{
    private readonly Process _process;

    private ChildProgram(Process process) => _process = process;

    /// <param name="argument">See <see cref="HeldServer"/>.</param>
    /// <param name="user">Null: the user of the tests.</param>
    /// <param name="variable">One environment variable.</param>
    public static ChildProgram Start(string? argument = null, string? user = null, (string Name, string Value)? variable = null)
    {
        var runtime = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var program = Path.Combine(AppContext.BaseDirectory, "LocalPostgres.Tests");
        var start = new ProcessStartInfo(program, argument is null ? ["hold"] : ["hold", argument])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_ROOT"] = runtime;
        if (user is not null)
        {
            start.UserName = user;
        }

        if (variable is var (name, value))
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    public static async Task<(ChildProgram Program, HeldServer Server)> HoldAsync(
        string? argument = null, string? user = null, (string Name, string Value)? variable = null)
    {
        var program = Start(argument, user, variable);
        return (program, await program.ServerAsync());
    }

    public async Task<HeldServer> ServerAsync() =>
        JsonSerializer.Deserialize<HeldServer>(await _process.StandardOutput.ReadLineAsync(Testing.Ct) ?? throw new InvalidOperationException("It said nothing."))!;

    public void Kill() => _process.Kill();

    /// <summary>What a test runner does to its hosts.</summary>
    public void KillWithDescendants() => _process.Kill(entireProcessTree: true);

    /// <summary>Lets it end: "exit" at once, anything else after disposing of the server.</summary>
    public Task EndAsync(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Close();
        return _process.WaitForExitAsync(Testing.Ct);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
