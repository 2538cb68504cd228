using System.Text.RegularExpressions;
using DevHost.Tests.World;

namespace DevHost.Tests;

/// <summary>docs/operations.md, its commands of the runbooks word for word: against DevHost each does what it says.</summary>
[Collection(ByTheBook)]
public sealed partial class PracticeTests
{
    /// <summary>Those that follow a document, and wait as long as it says, one after the other.</summary>
    public const string ByTheBook = "by the book";

    private const string Program = "src/Billing/bin/Debug/net10.0/Billing.dll";

    [Fact]
    public async Task Operations_Practised_ExplainsRepairsAndReplays()
    {
        Assert.SkipUnless(Shell.Has("bash") && Shell.Has("curl") && Shell.Has("openssl"), "The practice needs bash, curl and openssl.");
        var document = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "operations.md"), Eventually.Ct);
        await using var folder = new TemporaryFolder();
        await using var host = await RunningDevHost.StartAsync(
            folder, ["--port", "0", "--sandbox-port", "0", "--postgres-port", "0"], program: RunningDevHost.ByDotnetRun());
        var script = Script().Match(document).Groups["script"].Value;
        Assert.Contains(Program, script);

        // The program beside the tests is the one that was built with them, whatever the configuration. It is started eighteen times.
        var run = await Shell.BashAsync(
            script.Replace(Program, $"'{Path.Combine(AppContext.BaseDirectory, "Billing.dll")}'"), folder.Path, patience: TimeSpan.FromMinutes(5));

        Assert.True(run.ExitCode == 0, run.Error);
        string[] told =
        [
            "plan           pro active",
            "demo has the plan pro, as its subscription sub_", "1 ledger adds up.", "No drift.",
            "customer.subscription.deleted of ", "2 found, 0 repaired.", "exit code 1: drift", "1 found, 1 repaired.", "demo is on the free plan, as its subscription sub_",
            "reconcile_and_repair by ", "{\"received\":true}", "A list is not an object.", "not replayed", "see 'orgs explain demo'", "1250", "1200",
            "DevHost operator", "webhook endpoint ", "\"balance\":1200",
        ];
        var rest = run.Output;
        foreach (var text in told)
        {
            var at = rest.IndexOf(text, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{text}' is missing, or comes too early, in\n{run.Output}\n{run.Error}");
            rest = rest[(at + text.Length)..];
        }
        Assert.Contains("It cannot be applied yet", run.Error);
        Assert.DoesNotContain("There is no key with this id", run.Error);
        Assert.DoesNotContain("Unrecognized", run.Error);
    }

    [GeneratedRegex(@"<!-- practice[^>]*-->\s*```sh\n(?<script>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
