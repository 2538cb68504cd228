using System.Text;
using Billing.Authentication;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>Spending, over HTTP: never more than there is, never twice, never anybody else's.</summary>
public sealed class DebitTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Fact]
    public async Task Debit_TakesCredits_AndTheLedgerShowsIt()
    {
        var (org, service) = await FundedAsync(500);

        var debit = await PostAsync(service, org, "/debit", """{"amount":120,"reason":"render"}""", "job-1");

        Assert.Equal((200, "120", "380", "380"), (debit.Status, debit["debited"], debit["balance"], debit["available"]));
        var ledger = await org.GetAsync("/credits/ledger");
        Assert.Equal((debit["entry_id"], "debit", "-120", "380", "render"), (
            ledger["entries.0.entry_id"], ledger["entries.0.kind"], ledger["entries.0.balance_delta"], ledger["entries.0.balance_after"],
            ledger["entries.0.reason"]));
        Assert.Equal(("grant", "500", null), (ledger["entries.1.kind"], ledger["entries.1.balance_delta"], ledger["next_cursor"]));
        Assert.Equal("380", (await org.StatusAsync())["credits"]);
    }

    [Theory]
    [InlineData("/debit")]
    [InlineData("/holds")]
    public async Task Change_OfAnOrgThatThereIsNot_Is404_AndKeepsNoKey(string call)
    {
        var service = await _world.CreateKeyAsync(Role.Service);
        var nobody = "nobody-" + Guid.NewGuid().ToString("N");

        foreach (var amount in new[] { 1, 2 }) // another request under the same key: that of the first is free
        {
            using var client = _world.Client(service);
            client.DefaultRequestHeaders.Add("Billing-Org", nobody);
            client.DefaultRequestHeaders.Add("Idempotency-Key", "k");
            using var json = new StringContent($$"""{"amount":{{amount}}}""", Encoding.UTF8, "application/json");
            Assert.Equal(404, (int)(await client.PostAsync("/v1/billing/credits" + call, json)).StatusCode);
        }
        await using var db = _world.OpenDb();
        Assert.False(await db.IdempotencyKeys.AnyAsync(key => key.OrgId == nobody));
    }

    [Fact]
    public async Task Debit_OfMoreThanIsAvailable_Is402_AndTakesNothing()
    {
        var (org, service) = await FundedAsync(100);

        var refused = await PostAsync(service, org, "/debit", """{"amount":101}""", "big");

        Assert.Equal((402, "INSUFFICIENT_CREDITS", "100"), (refused.Status, refused["error.code"], refused["error.details.balance"]));
        Assert.Equal("100", (await org.CreditsAsync())["balance"]);
        // The refusal stands under its key, as rule 9 says; a new try is a new request.
        await org.ActivateAsync(await org.BuyCreditsAsync(new { credits = 100 }));
        Assert.Equal(402, (await PostAsync(service, org, "/debit", """{"amount":101}""", "big")).Status);
        Assert.Equal(200, (await PostAsync(service, org, "/debit", """{"amount":101}""", "big again")).Status);
    }

    [Theory]
    [InlineData("""{}""", "amount", "required")]
    [InlineData("""{"amount":0}""", "amount", "out_of_bounds")]
    [InlineData("""{"amount":-5}""", "amount", "out_of_bounds")]
    [InlineData("""{"amount":9223372036854775807}""", "amount", "out_of_bounds")]
    [InlineData("""{"amount":1e3000}""", "amount", "invalid_type")]
    [InlineData("""{"amount":1.5}""", "amount", "invalid_type")]
    [InlineData("""{"amount":"1"}""", "amount", "invalid_type")]
    [InlineData("""{"amount":1,"reason":"a\u0000b"}""", "reason", "invalid_text")]
    [InlineData("""{"amount":1,"reason":"\ud800"}""", "reason", "invalid_type")]
    [InlineData("""{"amount":1,"org":"other"}""", "org", "unknown_field")]
    public async Task Debit_WithAWrongField_IsRefusedByName(string json, string path, string code)
    {
        var (org, service) = await FundedAsync(100);
        var refused = await PostAsync(service, org, "/debit", json, "k");
        Assert.Equal((400, path, code), (refused.Status, refused["error.details.errors.0.path"], refused["error.details.errors.0.code"]));
        Assert.Equal("100", (await org.CreditsAsync())["balance"]);
    }

    [Fact]
    public async Task Debit_WithoutAKey_IsRefused()
    {
        var (org, service) = await FundedAsync(100);
        var refused = await PostAsync(service, org, "/debit", """{"amount":1}""", key: null);
        Assert.Equal((400, "Idempotency-Key"), (refused.Status, refused["error.details.errors.0.path"]));
    }

    [Fact]
    public async Task Debit_OneKeyFiftyTimesAtOnce_DebitsOnce_AndAnswersTheSame()
    {
        var (org, service) = await FundedAsync(500);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync(service, org, "/debit", """{"amount":10}""", "once")));

        Assert.All(answers, answer => Assert.Equal((200, answers[0].Body!.ToJsonString()), (answer.Status, answer.Body!.ToJsonString())));
        Assert.Equal("490", (await org.CreditsAsync())["balance"]);
        Assert.Equal(422, (await PostAsync(service, org, "/debit", """{"amount":11}""", "once")).Status);
    }

    [Fact]
    public async Task Debit_TwoHundredAtOnceOverTwoHosts_SucceedsAsOftenAsThereAreCredits()
    {
        var (org, service) = await FundedAsync(100);
        var second = await _world.StartSecondHostAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            PostAsync(service, org, "/debit", """{"amount":1}""", $"d{i}", i % 2 == 0 ? _world.Url : second)));

        Assert.Equal((100, 100), (answers.Count(a => a.Status == 200), answers.Count(a => a.Status == 402)));
        Assert.Equal("0", (await org.CreditsAsync())["balance"]);
        await AssertAddsUpAsync(org);
    }

    [Fact]
    public async Task Debit_WithAKeyOfLongAgo_DebitsNothingMore()
    {
        var (org, service) = await FundedAsync(500);
        var first = await PostAsync(service, org, "/debit", """{"amount":10}""", "old");
        await using (var db = _world.OpenDb())
        {
            // As 24 hours later.
            await db.IdempotencyKeys.Where(key => key.OrgId == org.Id).ExecuteDeleteAsync();
        }

        var late = await PostAsync(service, org, "/debit", """{"amount":10}""", "old");
        Assert.Equal((200, first["entry_id"], "490"), (late.Status, late["entry_id"], late["balance"]));
        await using (var db = _world.OpenDb())
        {
            await db.IdempotencyKeys.Where(key => key.OrgId == org.Id).ExecuteDeleteAsync();
        }
        Assert.Equal(422, (await PostAsync(service, org, "/debit", """{"amount":11}""", "old")).Status);
    }

    [Fact]
    public async Task Hold_ReservesCredits_SettlesOnce_AndFreesTheRest()
    {
        var (org, service) = await FundedAsync(500);
        var hold = await PostAsync(service, org, "/holds", """{"amount":300,"reason":"video"}""", null);
        Assert.Equal((200, "300", "200"), (hold.Status, hold["amount"], hold["available"]));
        Assert.Equal(("500", "200", "300"), await BalanceAsync(org));
        Assert.Equal(402, (await PostAsync(service, org, "/debit", """{"amount":201}""", "x")).Status);

        var tooMuch = await PostAsync(service, org, $"/holds/{hold["hold_id"]}/settle", """{"amount":301}""", null);
        Assert.Equal((400, "out_of_bounds"), (tooMuch.Status, tooMuch["error.details.errors.0.code"]));
        var settled = await PostAsync(service, org, $"/holds/{hold["hold_id"]}/settle", """{"amount":180}""", "s");
        Assert.Equal((200, "180", "120", "320", "320"),
            (settled.Status, settled["settled"], settled["released"], settled["balance"], settled["available"]));

        var again = await PostAsync(service, org, $"/holds/{hold["hold_id"]}/settle", """{"amount":180}""", null);
        Assert.Equal((409, "hold_settled"), (again.Status, again["error.details.reason"]));
        var replay = await PostAsync(service, org, $"/holds/{hold["hold_id"]}/settle", """{"amount":180}""", "s");
        Assert.Equal(settled.Body!.ToJsonString(), replay.Body!.ToJsonString());
        Assert.Equal("hold_settlement", (await org.GetAsync("/credits/ledger"))["entries.0.kind"]);
        await AssertAddsUpAsync(org);
    }

    [Fact]
    public async Task Hold_Released_OrOfAnotherOrg_OrUnknown_IsAsItShouldBe()
    {
        var (org, service) = await FundedAsync(500);
        var (other, _) = await FundedAsync(500);
        var hold = (await PostAsync(service, org, "/holds", """{"amount":300,"expires_in":60}""", null))["hold_id"];

        Assert.Equal(404, (await PostAsync(service, other, $"/holds/{hold}/release", null, null)).Status);
        Assert.Equal(404, (await PostAsync(service, org, "/holds/hold_nonsense/release", null, null)).Status);
        Assert.Equal(404, (await PostAsync(service, org, $"/holds/hold_{Guid.NewGuid():N}/release", null, "k")).Status);
        var released = await PostAsync(service, org, $"/holds/{hold}/release", null, null);
        Assert.Equal((200, "0", "300", "500"), (released.Status, released["settled"], released["released"], released["available"]));
        Assert.Equal("hold_released", (await PostAsync(service, org, $"/holds/{hold}/settle", """{"amount":1}""", null))["error.details.reason"]);
        Assert.Equal(400, (await PostAsync(service, org, "/holds", """{"amount":1,"expires_in":86401}""", null)).Status);
    }

    [Fact]
    public async Task Ledger_IsReadInPages_AndByKind()
    {
        var (org, service) = await FundedAsync(500);
        for (var i = 0; i < 5; i++)
        {
            await PostAsync(service, org, "/debit", """{"amount":1}""", $"p{i}");
        }

        var first = await org.GetAsync("/credits/ledger?limit=4");
        var second = await org.GetAsync($"/credits/ledger?limit=4&cursor={first["next_cursor"]}");

        Assert.Equal(["6", "5", "4", "3"], Ids(first));
        Assert.Equal(["2", "1"], Ids(second));
        Assert.Null(second["next_cursor"]);
        Assert.Equal(["1"], Ids(await org.GetAsync("/credits/ledger?kind=grant")));
        foreach (var wrong in new[] { "limit=0", "limit=101", "limit=x", "cursor=-1", "cursor=99999999999999999999", "kind=gift", "page=2" })
        {
            var refused = await org.GetAsync("/credits/ledger?" + wrong);
            Assert.Equal((400, wrong.Split('=')[0]), (refused.Status, refused["error.details.errors.0.path"]));
        }

        static IEnumerable<string> Ids(ApiAnswer page) => page.Body!["entries"]!.AsArray().Select(entry => entry!["entry_id"]!.ToString());
    }

    private static async Task<(string?, string?, string?)> BalanceAsync(TestOrg org)
    {
        var credits = await org.CreditsAsync();
        return (credits["balance"], credits["available"], credits["held"]);
    }

    private async Task<(TestOrg Org, string ServiceKey)> FundedAsync(long credits)
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync(await org.BuyCreditsAsync(new { credits }));
        return (org, await _world.CreateKeyAsync(Role.Service));
    }

    private async Task<ApiAnswer> PostAsync(string serviceKey, TestOrg org, string call, string? json, string? key, Uri? host = null)
    {
        using var client = _world.Client(serviceKey, host);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/billing/credits" + call);
        request.Headers.Add("Billing-Org", org.Id);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }

    private async Task AssertAddsUpAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        var row = await db.Orgs.SingleAsync(o => o.Id == org.Id);
        var entries = await db.CreditEntries.Where(e => e.OrgId == org.Id).OrderBy(e => e.Number).ToListAsync();
        Assert.Equal((row.Balance, row.Debt, row.LedgerLength), (entries.Sum(e => e.BalanceDelta), entries.Sum(e => e.DebtDelta), entries.Count));
        Assert.Equal(row.Balance, await db.CreditGrants.Where(g => g.OrgId == org.Id).SumAsync(g => g.Remaining));
        Assert.Equal(row.Held, await db.CreditHolds.Where(h => h.OrgId == org.Id && h.State == Persistence.HoldState.Active).SumAsync(h => h.Amount));
    }
}
