using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevHost.Tests.World;

namespace DevHost.Tests;

/// <summary>README's "Run it", word for word.</summary>
public sealed partial class WalkThroughTests
{
    [Fact]
    public async Task Readme_Followed_TakesTheDemoOrgFromFreeToPro()
    {
        Assert.SkipUnless(Shell.Has("bash") && Shell.Has("curl"), "The walk-through needs bash and curl.");
        var readme = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "README.md"), Eventually.Ct);
        await using var folder = new TemporaryFolder();
        // As README starts it, on other ports: what it keeps belongs into the current folder, not into the project's.
        await using var host = await RunningDevHost.StartAsync(
            folder, ["--port", "0", "--sandbox-port", "0", "--postgres-port", "0"], program: RunningDevHost.ByDotnetRun());

        var walk = await Shell.BashAsync(Script().Match(readme).Groups["script"].Value, folder.Path);

        Assert.True(walk.ExitCode == 0, walk.Error);
        var lines = Lines().Matches(walk.Output).Select(match => match.Value).ToList();
        Assert.Equal(4, lines.Count);
        Assert.Equal("free", (string)JsonNode.Parse(lines[0])!["plan"]!);
        var session = (string)JsonNode.Parse(lines[1])!["session_id"]!;
        Assert.Equal($"303 {host.Ready.BillingUrl}/demo/paid?session_id={session}", lines[2]);

        // The README waits two seconds; a machine that runs other tests may take longer.
        await host.Billing.ReachesPlanAsync("pro");
        var status = await host.Billing.StatusAsync();
        var promised = JsonNode.Parse(Promise().Match(readme).Groups["json"].Value)!.AsObject();
        Assert.Equal(promised.Select(member => member.Key), JsonNode.Parse(lines[3])!.AsObject().Select(member => member.Key));
        foreach (var (name, value) in promised.Where(member => member.Key != "current_period_end"))
        {
            Assert.True(JsonNode.DeepEquals(value, status[name]), $"{name}: README promises {value}, the service says {status[name]}");
        }
        Assert.True((DateTimeOffset)status["current_period_end"]! > DateTimeOffset.UtcNow.AddDays(27));
    }

    [GeneratedRegex(@"<!-- walk-through[^>]*-->\s*```sh\n(?<script>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex(@"The last line answers\s*```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Promise();

    /// <summary>The service's answers have no line ends: a JSON object, or curl's report of the redirect.</summary>
    [GeneratedRegex(@"\{[^{}]*\}|^\d{3} \S*$", RegexOptions.Multiline)]
    private static partial Regex Lines();
}
