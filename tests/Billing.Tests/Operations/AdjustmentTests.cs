using System.Net.Http.Json;
using Billing.Authentication;
using Billing.Ledger;
using Billing.Tests.World;

namespace Billing.Tests.Operations;

/// <summary>Credits given and taken by hand: once, with a reason, and they add up.</summary>
public sealed class AdjustmentTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Fact]
    public async Task Grant_GivesCreditsThatNeverExpire_AndSaysWhy()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));

        var granted = await ops.PostAsync($"/orgs/{org.Id}/credits/grant", new { amount = 500, reason = "outage", reference = "T-1" });

        Assert.Equal((200, "T-1", "500"), (granted.Status, granted["reference"], granted["balance"]));
        var credits = await org.CreditsAsync();
        Assert.Equal(("500", "500", null), (credits["available"], credits["topup_credits"], credits["next_expiry"]));
        var entry = Assert.Single(await ops.AuditAsync(org.Id));
        Assert.Equal(("grant_credits", "T-1", "outage"), (entry.Action, entry.Subject, entry.Reason));
        Assert.StartsWith("key_", entry.Actor);
        Assert.Equal(("""{"balance":0,"available":0,"debt":0}""", """{"balance":500,"available":500,"debt":0}"""), (entry.Before, entry.After));
        Assert.True((await _world.Service<LedgerProbe>().CheckAsync(org.Id, CancellationToken.None))!.IsClean);
    }

    [Fact]
    public async Task Grant_FiftyTimesUnderOneReference_IsOneGrant()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));
        await ops.GetAsync("/keys");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            ops.PostAsync($"/orgs/{org.Id}/credits/grant", new { amount = 7, reason = "outage", reference = "T-2" })));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal((409, "already_done"), (answer.Status, answer["error.details.reason"])));
        Assert.Equal("7", (await org.CreditsAsync())["balance"]);
        Assert.Single(await ops.AuditAsync(org.Id));
    }

    [Fact]
    public async Task Revoke_TakesNoMoreThanThereIs_AndOncePerReference()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));
        await ops.PostAsync($"/orgs/{org.Id}/credits/grant", new { amount = 100, reason = "start" });

        var tooMany = await ops.PostAsync($"/orgs/{org.Id}/credits/revoke", new { amount = 101, reason = "fraud", reference = "T-3" });
        Assert.Equal((402, "INSUFFICIENT_CREDITS"), (tooMany.Status, tooMany["error.code"]));
        var taken = await ops.PostAsync($"/orgs/{org.Id}/credits/revoke", new { amount = 60, reason = "fraud", reference = "T-3" });
        Assert.Equal((200, "40"), (taken.Status, taken["balance"]));
        Assert.Equal(409, (await ops.PostAsync($"/orgs/{org.Id}/credits/revoke", new { amount = 1, reason = "fraud", reference = "T-3" })).Status);

        Assert.Equal("40", (await org.CreditsAsync())["balance"]);
        Assert.Equal(["grant_credits", "revoke_credits"], (await ops.AuditAsync(org.Id)).Select(entry => entry.Action));
        Assert.True((await _world.Service<LedgerProbe>().CheckAsync(org.Id, CancellationToken.None))!.IsClean);
    }

    [Fact]
    public async Task Reference_ThatIsAlsoInADebitsKey_IsNotTakenForIt()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));
        await ops.PostAsync($"/orgs/{org.Id}/credits/grant", new { amount = 100, reason = "start" });

        Assert.Equal("60", (await ops.PostAsync($"/orgs/{org.Id}/credits/revoke", new { amount = 40, reason = "fraud", reference = "T-5" }))["balance"]);
        Assert.Equal((200, "30"), await DebitAsync("operator:T-5"));
        Assert.Equal((200, "10"), await DebitAsync("operator:T-6", amount: 20));
        Assert.Equal("5", (await ops.PostAsync($"/orgs/{org.Id}/credits/revoke", new { amount = 5, reason = "fraud", reference = "T-6" }))["balance"]);

        async Task<(int, string?)> DebitAsync(string key, int amount = 30)
        {
            using var client = _world.Client(await _world.CreateKeyAsync(Role.Service));
            client.DefaultRequestHeaders.Add(Caller.OrgHeader, org.Id);
            client.DefaultRequestHeaders.Add("Idempotency-Key", key);
            using var response = await client.PostAsJsonAsync("/v1/billing/credits/debit", new { amount });
            var answer = await ApiAnswer.ReadAsync(response);
            return (answer.Status, answer["balance"]);
        }
    }

    [Fact]
    public async Task Command_LeavesTheSameAuditRowAsTheCall()
    {
        var (org, other, ops) = (await TestOrg.CreateAsync(_world), await TestOrg.CreateAsync(_world), new OpsClient(_world));

        await ops.PostAsync($"/orgs/{org.Id}/credits/grant", new { amount = 5, reason = "outage", reference = "T-4" });
        var (code, json, _) = await ops.RunAsync("credits", "grant", other.Id, "5", "--reason", "outage", "--reference", "T-4");

        Assert.Equal((0, "5"), (code, json!["balance"]!.ToString()));
        var (byCall, byCommand) = (Assert.Single(await ops.AuditAsync(org.Id)), Assert.Single(await ops.AuditAsync(other.Id)));
        Assert.StartsWith("cli:", byCommand.Actor);
        Assert.Equal(
            (byCall.Action, byCall.Subject, byCall.Reason, byCall.Before, byCall.After),
            (byCommand.Action, byCommand.Subject, byCommand.Reason, byCommand.Before, byCommand.After));
        Assert.Equal(1, (await ops.RunAsync("credits", "grant", other.Id, "5", "--reason", "outage", "--reference", "T-4")).Code);
    }

    [Theory]
    [InlineData("""{"amount":5}""", "reason")]
    [InlineData("""{"amount":5,"reason":"  "}""", "reason")]
    [InlineData("""{"amount":5,"reason":"a\nb"}""", "reason")]
    [InlineData("""{"amount":0,"reason":"x"}""", "amount")]
    [InlineData("""{"reason":"x"}""", "amount")]
    [InlineData("""{"amount":5,"reason":"x","reference":"a b"}""", "reference")]
    [InlineData("""{"amount":5,"reason":"x","price":1}""", "price")]
    public async Task Grant_ThatIsWrong_NamesTheField_AndChangesNothing(string json, string field)
    {
        var org = await TestOrg.CreateAsync(_world);
        var key = await _world.CreateKeyAsync(Authentication.Role.Operator);

        var answer = await _world.SendAsync(HttpMethod.Post, $"/v1/ops/orgs/{org.Id}/credits/grant", key, json);

        Assert.Equal((400, field), (answer.Status, answer["error.details.errors.0.path"]));
        Assert.Equal("0", (await org.CreditsAsync())["balance"]);
        Assert.Empty(await new OpsClient(_world).AuditAsync(org.Id));
    }
}
