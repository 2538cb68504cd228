using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevHost.Tests.World;

namespace DevHost.Tests;

/// <summary>README's "Run it" and its tour of the API, word for word.</summary>
[Collection(PracticeTests.ByTheBook)]
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

        var scripts = Scripts().Matches(readme).Select(match => match.Groups["script"].Value).ToList();
        Assert.Equal(2, scripts.Count);
        var walk = await Shell.BashAsync(string.Join("\necho ---\n", scripts), folder.Path);

        Assert.True(walk.ExitCode == 0, walk.Error);
        var outputs = walk.Output.Split("---\n");
        CheckTour(outputs[1], host);
        var lines = Lines().Matches(outputs[0]).Select(match => match.Value).ToList();
        Assert.Equal(4, lines.Count);
        Assert.Equal("free", (string)JsonNode.Parse(lines[0])!["plan"]!);
        var session = (string)JsonNode.Parse(lines[1])!["session_id"]!;
        Assert.Equal($"303 {host.Ready.BillingUrl}/demo/paid?session_id={session}", lines[2]);

        var status = JsonNode.Parse(lines[3])!;
        var promised = JsonNode.Parse(Promise().Match(readme).Groups["json"].Value)!.AsObject();
        Assert.Equal(promised.Select(member => member.Key), status.AsObject().Select(member => member.Key));
        foreach (var (name, value) in promised.Where(member => member.Key != "current_period_end"))
        {
            Assert.True(JsonNode.DeepEquals(value, status[name]), $"{name}: README promises {value}, the service says {status[name]}");
        }
        Assert.True((DateTimeOffset)status["current_period_end"]! > DateTimeOffset.UtcNow.AddDays(27));
    }

    private static void CheckTour(string output, RunningDevHost host)
    {
        var lines = Lines().Matches(output).Select(match => match.Value).ToList();
        Assert.True(lines.Count == 19, output);
        JsonNode Json(int line) => JsonNode.Parse(lines[line])!;
        Assert.Equal(("true", "pro"), (Json(0)["success"]!.ToString(), (string)Json(0)["plan"]!));
        Assert.Equal(500, (long)Json(1)["credits"]!);
        Assert.Equal(1000, (long)Json(2)["plan_credits"]!);
        Assert.Equal((400, 220), ((long)Json(3)["balance"]!, (long)Json(4)["available"]!));
        Assert.Equal(("hold_settlement", "debit"), ((string)Json(5)["kind"]!, (string)Json(6)["kind"]!));
        Assert.Equal((0, 280), ((long)Json(7)["balance"]!, (long)Json(7)["debt"]!));
        lines.RemoveRange(3, 5);
        Assert.Equal((string)Json(3)["url"]!, (string)Json(3)["portal_url"]!);
        Assert.Equal($"303 {host.Ready.BillingUrl}/demo/paid", lines[4]);
        Assert.Equal(("acme", "Acme"), ((string)Json(5)["id"]!, (string)Json(6)["name"]!));
        Assert.Equal(("free", "free"), ((string)Json(7)["plan"]!, (string)Json(8)["plan"]!));
        Assert.Equal(lines[9], lines[10]);
        Assert.True((bool)Json(11)["received"]!);
        Assert.NotNull(Json(12)["now"]);
        Assert.Equal((5000, 0, 0), ((long)Json(13)["plan_credits"]!, (long)Json(13)["topup_credits"]!, (long)Json(13)["debt"]!));
    }

    [GeneratedRegex(@"<!-- (walk-through|tour)[^>]*-->\s*```sh\n(?<script>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex(@"The last line answers\s*```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Promise();

    /// <summary>The service's answers have no line ends: a JSON object, or curl's report of the redirect.</summary>
    [GeneratedRegex(@"\{[^{}]*\}|^\d{3} \S*$", RegexOptions.Multiline)]
    private static partial Regex Lines();
}
