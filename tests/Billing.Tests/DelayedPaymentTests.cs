using Billing.Ledger;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>A top-up paid by bank debit: complete at once, paid days later or never. Credits follow the money (FACTS C.3, flow 8).</summary>
public sealed class DelayedPaymentTests(BillingFixture fixture) : IAsyncLifetime
{
    private const string Pays = "000123456789";
    private const string Fails = "000111111116";

    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task TopUp_PaidDaysLater_IsPendingUntilThen_AndCreditedOnce()
    {
        var (org, session) = await DebitAsync(Pays);

        var early = await org.ActivateAsync(session);
        Assert.Equal((202, "false", "pending_payment"), (early.Status, early["success"], early["state"]));
        Assert.Equal("0", (await org.CreditsAsync())["balance"]);
        Assert.Equal((409, "payment_pending"), await NextAsync(org));
        var erasure = await new Operations.OpsClient(_world).PostAsync($"/orgs/{org.Id}/erase", new { reason = "asked us to" });
        Assert.Equal((409, "payment_pending"), (erasure.Status, erasure["error.details.reason"]));

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(4), CancellationToken.None);

        await Eventually.Async(org.CreditsAsync, read => read["topup_credits"] == "500", "it is credited");
        Assert.Equal("already_credited", (await org.ActivateAsync(session))["state"]);
        await AssertOneGrantAsync(org);
        Assert.Equal((200, null), await NextAsync(org));
    }

    [Fact]
    public async Task TopUp_WhosePaymentFailsDaysLater_BringsNothing_AndBlocksNothing()
    {
        var (org, session) = await DebitAsync(Fails);

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(4), CancellationToken.None);

        await Eventually.Async(() => NextAsync(org), next => next == (200, null), "another one can be bought");
        Assert.Equal("0", (await org.CreditsAsync())["balance"]);
        Assert.NotEqual(200, (await org.ActivateAsync(session)).Status);
    }

    [Fact]
    public async Task TopUp_PaidDaysLater_ActivatedAsTheWebhookArrives_IsCreditedOnce()
    {
        var (org, session) = await DebitAsync(Pays);

        var moved = _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(4), CancellationToken.None);
        await Eventually.Async(() => org.ActivateAsync(session), answer => answer.Status == 200, "it is paid");
        await moved;

        await _world.Sandbox.SettleAsync();
        await AssertOneGrantAsync(org);
    }

    private async Task<(TestOrg Org, string Session)> DebitAsync(string account)
    {
        var org = await TestOrg.CreateAsync(_world);
        var topUp = await org.CallAsync("/topup", new { pack = "small" });
        Assert.NotNull(await org.PayFromBankAsync(topUp["url"]!, account));
        return (org, topUp["session_id"]!);
    }

    private static async Task<(int, string?)> NextAsync(TestOrg org)
    {
        var next = await org.CallAsync("/topup", new { pack = "small" });
        return (next.Status, next["error.details.reason"]);
    }

    private async Task AssertOneGrantAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        Assert.Equal(1, await db.CreditGrants.CountAsync(grant => grant.OrgId == org.Id));
        Assert.Equal("500", (await org.CreditsAsync())["balance"]);
        Assert.Equal("", (await _world.Service<LedgerProbe>().CheckAsync(org.Id, CancellationToken.None))!.Wrong);
    }
}
