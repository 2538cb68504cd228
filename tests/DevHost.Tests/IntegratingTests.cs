using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevHost.Tests.World;

namespace DevHost.Tests;

/// <summary>docs/integrating.md, its lines for the shell word for word. The last block needs a program from the network and is left out.</summary>
[Collection(PracticeTests.ByTheBook)]
public sealed partial class IntegratingTests
{
    [Fact]
    public async Task Integrating_Followed_SellsAPlanAndCredits_AndSpendsThem()
    {
        Assert.SkipUnless(Shell.Has("bash") && Shell.Has("curl"), "The examples need bash and curl.");
        var document = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "integrating.md"), Eventually.Ct);
        await using var folder = new TemporaryFolder();
        await using var host = await RunningDevHost.StartAsync(
            folder, ["--port", "0", "--sandbox-port", "0", "--postgres-port", "0"], program: RunningDevHost.ByDotnetRun());

        var scripts = Scripts().Matches(document).Select(match => match.Groups["script"].Value).ToList();
        var run = await Shell.BashAsync(string.Join('\n', scripts[..^1]), folder.Path);

        Assert.True(run.ExitCode == 0, run.Error);
        var answers = Answers().Matches(run.Output).Select(match => JsonNode.Parse(match.Value)!).ToList();
        Assert.True(answers.Count == 10, run.Output);
        Assert.Equal("globex", (string)answers[0]["id"]!);
        Assert.Equal("new_subscription", (string)answers[1]["kind"]!);
        Assert.Equal("pro", (string)answers[2]["plan"]!);
        Assert.Equal("pro", (string)answers[3]["plan"]!);
        Assert.Equal(1000, (long)answers[4]["balance"]!);
        Assert.True(JsonNode.DeepEquals(answers[5], answers[6]), "The debit is taken once.");
        Assert.Equal(680, (long)answers[7]["balance"]!);
        Assert.Equal(1180, (long)answers[8]["credits"]!);
        Assert.NotNull(answers[9]["portal_url"]);
    }

    [GeneratedRegex(@"```sh\n(?<script>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Answers();
}
