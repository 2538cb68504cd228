using System.Text.Json.Nodes;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Operations;

/// <summary>"Why is this org on this plan?", asked at three in the morning.</summary>
public sealed class ExplainTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Fact]
    public async Task Explain_OfAnOrgThatBought_TellsAllThatHappenedInOrder()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));
        var (session, _) = await org.BuyAsync();
        await org.ActivateAsync(session);
        await org.ActivateAsync(await org.BuyCreditsAsync());
        await ops.PostAsync($"/orgs/{org.Id}/credits/revoke", new { amount = 3, reason = "a test of it" });

        var explanation = await Eventually.Async(
            () => ops.GetAsync($"/orgs/{org.Id}/explain"),
            answer => Kinds(answer).IsSupersetOf(["checkout", "event", "activation", "stripe_read", "ledger", "operator"])
                && Whats(answer).Exists(what => what.StartsWith("invoice.paid of ", StringComparison.Ordinal)), "every kind of thing is told");

        Assert.Matches(
            $@"^{org.Id} has the plan pro, as its subscription sub_\w+ is active, paid through \d{{4}}-\d\d-\d\d \d\d:\d\dZ, and its period ends on .*\. "
            + @"It can spend 1497 credits: 997 of the plan and 500 of top-ups and gifts, less 0 held; it owes 0\.$", explanation["because"]!);
        var timeline = explanation.Body!["timeline"]!.AsArray();
        Assert.Equal(timeline.Select(At).Order(), timeline.Select(At));
        // Whichever of activation and webhook was faster.
        Assert.Contains(timeline, entry => (string)entry!["kind"]! == "activation" && (string)entry["subject"]! == session
            && ((string)entry["what"]!).Split(';')[0] is "active" or "already_active");
        Assert.Contains(timeline, entry => ((string)entry!["what"]!).StartsWith("revoke_credits by key_", StringComparison.Ordinal));
        Assert.Contains(timeline, entry => ((string)entry!["what"]!).StartsWith("debit -3 to 1497", StringComparison.Ordinal));

        var (code, json, _) = await ops.RunAsync("orgs", "explain", org.Id, "--limit", "2");
        Assert.Equal((0, explanation["because"], 2), (code, (string?)json!["because"], json["timeline"]!.AsArray().Count));
    }

    [Fact]
    public async Task Explain_OfAnOrgThatNeverBought_SaysSo()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));

        var explanation = await ops.GetAsync($"/orgs/{org.Id}/explain");

        Assert.StartsWith($"{org.Id} is on the free plan, as it never had a subscription. It can spend 0 credits", explanation["because"]);
        Assert.Equal(404, (await ops.GetAsync("/orgs/nobody/explain")).Status);
        Assert.Equal(1, (await ops.RunAsync("orgs", "explain", "nobody")).Code);
    }

    [Fact]
    public async Task Explain_AfterTheEnd_NamesTheSubscriptionThatEnded()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));
        await org.ActivateAsync((await org.BuyAsync()).SessionId);
        var subscription = await SubscriptionOfAsync(org);
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription);

        await org.EventuallyAsync("plan", "free");

        Assert.Contains($"is on the free plan, as its subscription {subscription} is canceled since ", (await ops.GetAsync($"/orgs/{org.Id}/explain"))["because"]);
    }

    [Fact]
    public async Task Show_TellsSubscriptionsLedgerAndCustomer()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));
        await org.ActivateAsync((await org.BuyAsync()).SessionId);
        await org.EventuallyAsync("plan", "pro");

        var (answer, (code, json, _)) = (await ops.GetAsync($"/orgs/{org.Id}"), await ops.RunAsync("orgs", "show", org.Id));

        Assert.Equal((200, "pro", "pro", ""), (answer.Status, answer["status.plan"], answer["subscriptions.0.plan"], answer["ledger_wrong"]));
        Assert.StartsWith("cus_", answer["stripe_customer"]);
        Assert.Equal(0, code);
        Assert.Equal(answer["subscriptions.0.id"], (string?)json!["subscriptions"]![0]!["id"]);
    }

    [Fact]
    public async Task Sync_FindsASubscriptionThatNoEventToldOf()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var (org, ops) = (await TestOrg.CreateAsync(world), new OpsClient(world));
        await org.BuyAsync();
        Assert.Equal("free", (await org.StatusAsync())["plan"]);

        var (code, json, error) = await ops.RunAsync("orgs", "sync", org.Id, "--reason", "says it has paid");

        Assert.Equal((0, "1", ""), (code, json?["subscriptions"]?.ToString(), error));
        await org.EventuallyAsync("plan", "pro");
        Assert.Equal("sync_org", Assert.Single(await ops.AuditAsync(org.Id)).Action);
    }

    private async Task<string> SubscriptionOfAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return await db.Subscriptions.Where(row => row.OrgId == org.Id).Select(row => row.Id).SingleAsync();
    }

    private static HashSet<string> Kinds(ApiAnswer explanation) =>
        [.. explanation.Body!["timeline"]!.AsArray().Select(entry => (string)entry!["kind"]!)];

    private static List<string> Whats(ApiAnswer explanation) => [.. explanation.Body!["timeline"]!.AsArray().Select(entry => (string)entry!["what"]!)];

    private static string At(JsonNode? entry) => (string)entry!["at"]!;
}
