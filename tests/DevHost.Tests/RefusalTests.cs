using System.Net;
using System.Net.Sockets;
using DevHost.Tests.World;

namespace DevHost.Tests;

/// <summary>What DevHost cannot do it says in one sentence, and ends with exit code 1.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("--port", "the service")]
    [InlineData("--sandbox-port", "the sandbox")]
    [InlineData("--postgres-port", "PostgreSQL")]
    public async Task Port_Taken_IsNamedWithItsOption(string option, string part)
    {
        await using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await File.WriteAllTextAsync(folder["ready.json"], "of an earlier run", Eventually.Ct);

        var outcome = await RunningDevHost.RefuseAsync(folder, ["--ephemeral", option, $"{port}", "--ready-file", "ready.json"]);

        AssertSays(outcome, $"Port {port} for {part} is taken: stop what listens there, choose another with {option} ");
        Assert.Empty(folder.Content);
    }

    [Fact]
    public async Task DataFolder_InUse_IsLeftToWhoHasIt()
    {
        await using var folder = new TemporaryFolder();
        await using var host = await RunningDevHost.StartAsync(folder, RunningDevHost.Keeping(".devdata"));

        var outcome = await RunningDevHost.RefuseAsync(folder, [.. RunningDevHost.Keeping(".devdata"), "--ready-file", "ready.json"]);

        AssertSays(outcome, $"Another DevHost uses {folder[".devdata"]}: stop it, or start this one with --ephemeral or another --data.");
        Assert.Equal("free", await host.Billing.PlanAsync());
        Assert.Contains("ready.json", folder.Content);
    }

    [Theory]
    [InlineData(".devdata/state.json", "remove it, and new keys are made")]
    [InlineData(".devdata/stripe.jsonl", "Delete the file to start afresh")]
    public async Task KeptFile_Damaged_IsNamed(string file, string remedy)
    {
        await using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder[".devdata"]);
        await File.WriteAllTextAsync(folder[file], "}\n}\n}\n", Eventually.Ct);

        var outcome = await RunningDevHost.RefuseAsync(folder, RunningDevHost.Keeping(".devdata"));

        AssertSays(outcome, folder[file]);
        Assert.Contains(remedy, outcome.Error);
    }

    [Theory]
    [InlineData("--data", "file/data", "--port", "0")]
    [InlineData("--ephemeral", "--ready-file", "file/ready.json")]
    public async Task Place_ThatCannotBeWritten_IsNamed(params string[] arguments)
    {
        await using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["file"], "", Eventually.Ct);

        AssertSays(await RunningDevHost.RefuseAsync(folder, arguments), folder[arguments.Single(argument => argument.StartsWith("file/"))]);
        Assert.Equal(["file"], folder.Content);
    }

    [Theory]
    [InlineData("--stripe-key and --webhook-secret go together", "--stripe-key", "sk_test_1")]
    [InlineData("--stripe-key and --webhook-secret go together", "--webhook-secret", "whsec_1")]
    [InlineData("starts with sk_test_", "--stripe-key", "sk_live_1", "--webhook-secret", "whsec_1")]
    [InlineData("starts with whsec_", "--stripe-key", "sk_test_1", "--webhook-secret", "secret")]
    [InlineData("leave out --data", "--ephemeral", "--data", "folder")]
    [InlineData("--sandbox-port takes a port from 0 to 65535.", "--sandbox-port", "65536")]
    [InlineData("Cannot parse argument 'high' for option '--port'", "--port", "high")]
    [InlineData("Unrecognized command or argument '--nonsense'", "--nonsense")]
    public async Task CommandLine_Wrong_IsRefusedBeforeAnythingStarts(string sentence, params string[] arguments)
    {
        await using var folder = new TemporaryFolder();

        AssertSays(await RunningDevHost.RefuseAsync(folder, arguments), sentence);
        Assert.Empty(folder.Content);
    }

    [Fact]
    public async Task Stripe_OutOfReach_IsSaid()
    {
        await using var folder = new TemporaryFolder();

        var outcome = await RunningDevHost.RefuseAsync(
            folder, ["--ephemeral", "--stripe-key", "sk_test_1", "--webhook-secret", "whsec_0123456789abcdef"],
            ("HTTPS_PROXY", $"http://127.0.0.1:{Ports.FindFree()}"));

        AssertSays(outcome, "Setting up the catalog at Stripe failed: ");
        Assert.Empty(folder.Content);
    }

    private static void AssertSays(Shell.Outcome outcome, string sentence)
    {
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(sentence, Assert.Single(outcome.Error.Trim().Split('\n')));
        Assert.Empty(outcome.Output.Trim());
    }
}
