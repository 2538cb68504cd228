using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevHost.Tests.World;

namespace DevHost.Tests;

/// <summary>What DevHost says once everything answers.</summary>
public sealed class ReadyTests(ReadyTests.Started started) : IClassFixture<ReadyTests.Started>
{
    private ReadyFile Ready => started.Host.Ready;

    [Fact]
    public void ReadyFile_Written_HasTheseKeysAndValues()
    {
        Assert.Equal(
            ["billing_url", "sandbox_url", "database_url", "webhook_secret", "stripe_api_key", "org", "keys"],
            Ready.Json.Select(member => member.Key));
        Assert.Equal(["owner", "admin", "member", "service", "operator"], Ready.Json["keys"]!.AsObject().Select(member => member.Key));

        Assert.Matches(@"^http://localhost:\d+$", Ready.BillingUrl);
        Assert.Matches(@"^http://127\.0\.0\.1:\d+$", Ready.SandboxUrl);
        Assert.Matches(@"^postgres://postgres@127\.0\.0\.1:\d+/billing$", (string)Ready.Json["database_url"]!);
        Assert.Matches(@"^whsec_\w{16,}$", (string)Ready.Json["webhook_secret"]!);
        Assert.StartsWith("sk_test_", Ready.StripeApiKey);
        Assert.Equal("demo", Ready.Org);
        Assert.All(Ready.Keys.Values, key => Assert.Matches("^bk_test_.{40,}$", key));
        Assert.Equal(5, Ready.Keys.Values.Distinct().Count());
    }

    [Fact]
    public void ReadyFile_Written_EverythingAnswersAtOnce()
    {
        Assert.Equal(HttpStatusCode.OK, started.FirstHealth);
        Assert.Equal(5, started.FirstStatus.Count);
        Assert.All(started.FirstStatus.Values, status => Assert.Equal("free", (string)status["plan"]!));
        Assert.Equal("billing", started.FirstDatabase);
    }

    [Fact]
    public async Task Sandbox_Ready_HasTheCatalogAndTheWebhookEndpoint()
    {
        var stripe = started.Host.Stripe;

        var prices = await new Stripe.PriceService(stripe).ListAsync(cancellationToken: Eventually.Ct);
        var endpoint = Assert.Single((await new Stripe.WebhookEndpointService(stripe).ListAsync(cancellationToken: Eventually.Ct)).Data);

        Assert.Equal(
            [("pro_annual", 29000), ("pro_monthly", 2900), ("team_annual", 99000), ("team_monthly", 9900)],
            prices.Data.Select(price => (price.LookupKey, price.UnitAmount ?? 0)).Order());
        Assert.Equal(Ready.BillingUrl + "/v1/billing/webhook", endpoint.Url);
        Assert.Contains("customer.subscription.updated", endpoint.EnabledEvents);
    }

    [Fact]
    public async Task Guide_Printed_NamesAddressesAndKeysAndItsCommandsWork()
    {
        const string lastWords = "Ctrl+C stops everything.";
        await Eventually.TrueAsync(() => started.Host.Output.Contains(lastWords, StringComparison.Ordinal), "the guide is printed");
        // What follows is the log, which grows with what the host does by itself and for the tests beside this one.
        var guide = started.Host.Output[..(started.Host.Output.IndexOf(lastWords, StringComparison.Ordinal) + lastWords.Length)];

        Assert.StartsWith("\nBilling is up.\n", guide);
        Assert.All([Ready.BillingUrl, Ready.SandboxUrl, Ready.StripeApiKey, .. Ready.Keys.Values], fact => Assert.Contains(fact, guide));
        Assert.True(guide.Split('\n').Length < 35, guide);
        Assert.SkipUnless(Shell.Has("bash") && Shell.Has("curl"), "The guide's commands need bash and curl.");

        var commands = Regex.Matches(guide, @"^  curl (?:.*\\\n)*.*$", RegexOptions.Multiline).Select(match => match.Value).ToList();
        Assert.Equal(2, commands.Count);
        var checkout = await Shell.BashAsync(commands[0], AppContext.BaseDirectory);
        var status = await Shell.BashAsync(commands[1], AppContext.BaseDirectory);
        Assert.StartsWith(Ready.SandboxUrl, (string)JsonNode.Parse(checkout.Output)!["url"]!);
        Assert.Equal("free", (string)JsonNode.Parse(status.Output)!["plan"]!);
    }

    [Fact]
    public async Task PagesOfTheDemo_Opened_Answer()
    {
        Assert.Equal(HttpStatusCode.OK, await started.Host.Billing.GetAsync("/demo/paid?session_id=cs_test_1"));
        Assert.Equal(HttpStatusCode.OK, await started.Host.Billing.GetAsync("/demo/cancelled"));
        Assert.Equal(HttpStatusCode.OK, await started.Host.Billing.GetAsync("/swagger/index.html"));
    }

    /// <summary>A DevHost that keeps nothing, and what each part answered the moment the ready file was there.</summary>
    public sealed class Started : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal RunningDevHost Host { get; private set; } = null!;

        internal HttpStatusCode FirstHealth { get; private set; }

        internal Dictionary<string, JsonObject> FirstStatus { get; } = [];

        internal string FirstDatabase { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Host = await RunningDevHost.StartAsync(_folder, ["--ephemeral"]);
            FirstHealth = await Host.Billing.GetAsync("/health/ready");
            foreach (var role in Host.Ready.Keys.Keys)
            {
                FirstStatus[role] = await Host.Billing.StatusAsync(role);
            }
            FirstDatabase = await PostgresOf.ScalarAsync(Host.Ready, "SELECT current_database()::text");
        }

        public async ValueTask DisposeAsync()
        {
            await Host.StopAsync("TERM");
            await Host.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }
}
