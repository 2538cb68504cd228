using System.Diagnostics;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests;

/// <summary>The program as a developer runs it, in a process of its own.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sandbox-tests-").FullName;

    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var program in _started)
        {
            program.Kill();
            program.WaitForExit();
            program.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Program_Killed_KeepsEveryAnswerItGave()
    {
        var program = Start();
        var api = await ConnectAsync(program);
        List<string> made = [(await api.SubscriptionAsync()).Text("customer")];
        for (var i = 0; i < 20; i++)
        {
            made.Add((await api.PostAsync("/v1/customers")).Id());
        }

        program.Kill();
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        var again = await ConnectAsync(Start());

        Assert.Equal(made.AsEnumerable().Reverse(), (await again.GetAsync("/v1/customers?limit=100")).Data().Select(customer => customer.Id()));
        Assert.Equal("active", (await again.GetAsync("/v1/subscriptions")).Data().Single().Text("status"));
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("--colour red", 1)]
    [InlineData("--url nowhere", 1)]
    public async Task Program_WrongArguments_ExplainThemselves(string arguments, int exit)
    {
        var program = Start(arguments.Split(' '));
        var text = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(exit, program.ExitCode);
        Assert.Contains(arguments.Contains("nowhere", StringComparison.Ordinal) ? "Url must be an absolute http address" : "--state-file", text, StringComparison.Ordinal);
    }

    private Process Start(params string[] arguments)
    {
        if (arguments.Length == 0)
        {
            arguments = ["--url", "http://127.0.0.1:0", "--state-file", Path.Combine(_folder, "state.jsonl")];
        }

        var start = new ProcessStartInfo("dotnet", [typeof(SandboxHost).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _started.Add(Process.Start(start)!);
        return _started[^1];
    }

    private static async Task<Api> ConnectAsync(Process program)
    {
        var line = await program.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("Stripe sandbox listening on ", line, StringComparison.Ordinal);
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(line!.Split(' ')[^1]) };
        return new Api(http, "sk_test_program");
    }
}
