using System.Diagnostics;
using System.Text.RegularExpressions;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>The deployed program from its command line, as operators run it.</summary>
public sealed class ProgramTests(BillingFixture fixture)
{
    [Fact]
    public async Task Migrate_EmptyDatabase_MakesTheSchema_AndIsSafeToRepeat()
    {
        var settings = Settings(await fixture.CreateDatabaseAsync(migrated: false));

        var (code, output, _) = await RunAsync(settings, "migrate");
        Assert.Equal(0, code);
        Assert.Contains("Initial", output);

        (code, output, _) = await RunAsync(settings, "migrate");
        Assert.Equal((0, "The schema was up to date."), (code, output.Trim()));
        Assert.Equal((0, """{"applied":[]}"""), await RunAsync(settings, "migrate", "--json") is var json ? (json.Code, json.Output.Trim()) : default);
    }

    [Fact]
    public async Task Migrate_FromManyProcessesAtOnce_MakesTheSchemaOnce()
    {
        var settings = Settings(await fixture.CreateDatabaseAsync(migrated: false));
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunAsync(settings, "migrate")));
        Assert.All(runs, run => Assert.Equal(0, run.Code));
        Assert.Single(runs, run => run.Output.Contains("Applied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Command_DatabaseOutOfReach_SaysSo()
    {
        var (code, _, error) = await RunAsync(Settings("Host=127.0.0.1;Port=1;Database=billing"), "migrate");
        Assert.Equal(69, code);
        Assert.StartsWith("The database cannot be used: ", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task KeysCreate_PrintsAKeyThatWorks()
    {
        var world = fixture.World;
        var settings = Settings(world.ConnectionString);
        var (code, output, _) = await RunAsync(settings, "keys", "create", "--role", "owner", "--org", "made-by-hand", "--reason", "test");
        Assert.Equal(0, code);

        using var client = world.Client(output.Trim());
        using var response = await client.GetAsync("/v1/billing/status");
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Operator_NamedByTheEnvironment_IsInTheAudit_AsInAContainerEverybodyIsTheSameUser()
    {
        var settings = Settings(fixture.World.ConnectionString);
        settings["BILLING_OPERATOR"] = " ada\u0007 lovelace ";
        Assert.Equal(0, (await RunAsync(settings, "keys", "create", "--role", "service", "--name", "named", "--reason", "a test of names")).Code);

        await using var db = fixture.World.OpenDb();
        Assert.Equal("cli:ada lovelace", (await db.Audit.SingleAsync(entry => entry.Reason == "a test of names")).Actor);
    }

    [Fact]
    public async Task KeysCreate_DatabaseNotMigrated_NamesTheCommandThatMendsIt()
    {
        var settings = Settings(await fixture.CreateDatabaseAsync(migrated: false));
        var (code, output, error) = await RunAsync(settings, "keys", "create", "--role", "service", "--reason", "test");
        Assert.Equal((69, ""), (code, output));
        Assert.Contains("'billing migrate'", Assert.Single(error.Trim().Split('\n')));
    }

    [Theory]
    [InlineData("keys", "create", "--role", "owner", "--reason", "test")]
    [InlineData("keys", "create", "--role", "service", "--org", "acme", "--reason", "test")]
    [InlineData("keys", "create", "--role", "emperor", "--reason", "test")]
    [InlineData("keys", "create", "--role", "owner", "--org", "white space", "--reason", "test")]
    [InlineData("keys", "create", "--role", "owner", "--org", "newline\n", "--reason", "test")]
    [InlineData("launch")]
    public async Task Command_UsedWrongly_SaysSoAndChangesNothing(params string[] args)
    {
        var (code, _, error) = await RunAsync(Settings(fixture.World.ConnectionString), args);
        Assert.NotEqual(0, code);
        Assert.NotEmpty(error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task Serve_WithoutConfiguration_StopsWithSentences()
    {
        var (code, _, error) = await RunAsync([], "serve");
        Assert.Equal(78, code);
        Assert.Contains("ConnectionStrings:Billing is missing", error);
        Assert.Contains("Stripe:ApiKey is missing", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Theory]
    [InlineData("Stripe:Timeout", "soon", "Stripe:Timeout")]
    [InlineData("Billing:Plans:pro:Monthly:Amount", "29.00", "Billing:Plans:pro:Monthly:Amount")]
    [InlineData("Billing:CorsOrigins", "https://app.example.com", "Billing:CorsOrigins")]
    [InlineData("Billing:PastDueGrase", "30.00:00:00", "PastDueGrase")]
    [InlineData("Serilog:MinimumLevel:Default", "Verbos", "Verbos")]
    public async Task Serve_UnreadableSetting_StopsWithASentence(string key, string value, string named)
    {
        var settings = Settings(fixture.World.ConnectionString);
        settings[key] = value;
        var (code, _, error) = await RunAsync(settings, "serve");
        Assert.Equal(78, code);
        Assert.Contains(named, error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Serve_DatabaseNotMigrated_IsLiveButNotReady()
    {
        var connectionString = await fixture.CreateDatabaseAsync(migrated: false);
        var settings = Settings(connectionString);
        settings["Serilog:MinimumLevel:Default"] = "Information"; // it says where it listens
        using var process = Start(settings, "serve", "--urls", "http://127.0.0.1:0");
        _ = process.StandardError.ReadToEndAsync();
        try
        {
            using var client = new HttpClient { BaseAddress = await ListeningAsync(process) };
            Assert.Equal(200, await StatusAsync(client, "/health/live"));
            Assert.Equal(503, await StatusAsync(client, "/health/ready"));

            await using (var db = BillingFixture.OpenDb(connectionString))
            {
                await db.Database.MigrateAsync();
            }
            Assert.Equal(200, await StatusAsync(client, "/health/ready"));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<Uri> ListeningAsync(Process process)
    {
        using var bounded = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await process.StandardOutput.ReadLineAsync(bounded.Token) is { } line)
        {
            if (Regex.Match(line, @"Now listening on: [\\""]*(http://[^""\\]+)") is { Success: true } match)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new Uri(match.Groups[1].Value);
            }
        }
        throw new InvalidOperationException("The program ended before it listened.");
    }

    private static async Task<int> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return (int)response.StatusCode;
    }

    private Dictionary<string, string?> Settings(string connectionString) =>
        TestConfiguration.Create(connectionString, fixture.World.Sandbox.Url, "whsec_a_secret_of_some_length");

    private static async Task<(int Code, string Output, string Error)> RunAsync(Dictionary<string, string?> settings, params string[] args)
    {
        using var process = Start(settings, args);
        using var bounded = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(bounded.Token);
        return (process.ExitCode, await output, await error);
    }

    private static Process Start(Dictionary<string, string?> settings, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Billing.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = EmptyFolder.FullName,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__")] = value;
        }
        return Process.Start(start)!;
    }
}
