using System.Text;
using System.Text.Json.Nodes;
using Billing.Authentication;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>Money that goes back takes its credits back, as far as it went and only as long as it is gone (DESIGN rule 7).</summary>
public sealed class ReversalTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Refund_InParts_TakesBackInProportion_AndNeverMoreThanWasGranted()
    {
        var (org, payment) = await ToppedUpAsync();

        await RefundAsync(payment, 300); // of 900 for 500 credits
        await BalanceAsync(org, "334", "0");
        await RefundAsync(payment, 300);
        await BalanceAsync(org, "167", "0");
        await RefundAsync(payment, null);
        await BalanceAsync(org, "0", "0");

        var kinds = (await org.GetAsync("/credits/ledger?kind=reversal")).Body!["entries"]!.AsArray();
        Assert.Equal([-167, -167, -166], kinds.Select(entry => entry!["balance_delta"]!.GetValue<int>()));
        await using var db = _world.OpenDb();
        Assert.Equal([org.Id, org.Id, org.Id], await db.Reversals.Where(row => row.PaymentId == payment).Select(row => row.OrgId).ToListAsync());
    }

    [Fact]
    public async Task Refund_OfCreditsThatWereSpent_IsDebt_ThatTheNextGrantPaysFirst()
    {
        var (org, payment) = await ToppedUpAsync();
        await DebitAsync(org, 450);

        await RefundAsync(payment, null);
        await BalanceAsync(org, "0", "450");
        Assert.Equal(402, (await DebitAsync(org, 1)).Status);

        await org.ActivateAsync(await org.BuyCreditsAsync(new { credits = 500 }));
        await BalanceAsync(org, "50", "0");
        await AddsUpAsync(org);
    }

    [Fact]
    public async Task Refund_ThatFailsLater_IsGivenBack()
    {
        var (org, payment) = await ToppedUpAsync("4000000000005126");
        await RefundAsync(payment, null);
        await BalanceAsync(org, "0", "0");

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(2), CancellationToken.None);

        await BalanceAsync(org, "500", "0");
        Assert.Equal("reinstatement", (await org.GetAsync("/credits/ledger"))["entries.0.kind"]);
    }

    [Fact]
    public async Task Refund_ThatFailsAfterAHoldHasRunOut_IsGivenBack_ThoughTimeHasPaidItsDebt()
    {
        var (org, payment) = await ToppedUpAsync("4000000000005126");
        var service = await _world.CreateKeyAsync(Role.Service);
        Assert.Equal(200, (await _world.SendAsync(HttpMethod.Post, "/v1/billing/credits/holds", service, """{"amount":500,"expires_in":60}""", org.Id)).Status);
        await RefundAsync(payment, null);
        await BalanceAsync(org, "500", "500"); // all of it is held

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(2), CancellationToken.None);

        await BalanceAsync(org, "500", "0");
        await ReadAsync(payment, 1);
        await AddsUpAsync(org);
    }

    [Theory]
    [InlineData("win", "500", "0")]
    [InlineData("lose", "0", "200")]
    public async Task Dispute_TakesTheCreditsWhileItIsOpen_AndItsOutcomeDecides(string outcome, string balance, string debt)
    {
        var (org, payment) = await ToppedUpAsync();
        await DebitAsync(org, 200);
        var dispute = await ControlAsync("disputes", new JsonObject { ["payment_intent"] = payment });
        await BalanceAsync(org, "0", "200");

        await ControlAsync($"disputes/{dispute["id"]}/{outcome}", []);

        await BalanceAsync(org, outcome == "win" ? "300" : balance, debt);
        await AddsUpAsync(org);
    }

    [Fact]
    public async Task Inquiry_TakesNothing_UntilItBecomesADispute()
    {
        var (org, payment) = await ToppedUpAsync();
        var inquiry = await ControlAsync("disputes", new JsonObject { ["payment_intent"] = payment, ["inquiry"] = true });
        await ReadAsync(payment, reversals: 1);
        Assert.Equal("500", (await org.CreditsAsync())["balance"]);

        await ControlAsync($"disputes/{inquiry["id"]}/escalate", []);
        await BalanceAsync(org, "0", "0");
    }

    [Fact]
    public async Task RefundAndDispute_OfOnePayment_TakeBackNoMoreThanItBrought()
    {
        var (org, payment) = await ToppedUpAsync();
        await RefundAsync(payment, 450);
        await BalanceAsync(org, "250", "0");
        await ControlAsync("disputes", new JsonObject { ["payment_intent"] = payment, ["amount"] = 900 });
        await BalanceAsync(org, "0", "0");
        await AddsUpAsync(org);
    }

    [Fact]
    public async Task Invoice_RefundedInPart_KeepsItsCredits_RefundedInFull_LosesThemAndItsFurtherMonths()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync("pro", "annual")).SessionId);
        var invoice = (await _world.Events.GetAsync("/v1/invoices?customer=" + await CustomerAsync(org)))["data"]![0]!;
        var payment = (await _world.Events.GetAsync("/v1/invoice_payments?invoice=" + invoice["id"]))["data"]![0]!["payment"]!["payment_intent"]!.ToString();

        await RefundAsync(payment, 9000);
        await ReadAsync(payment, reversals: 1);
        Assert.Equal("1000", (await org.CreditsAsync())["plan_credits"]);

        await RefundAsync(payment, null);
        await BalanceAsync(org, "0", "0");
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(40), CancellationToken.None);
        var later = await org.CreditsAsync();
        Assert.Equal(("0", null), (later["plan_credits"], later["next_grant_at"]));
    }

    [Fact]
    public async Task Refund_ToldBeforeThePurchase_WaitsForIt()
    {
        await using var silent = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(silent);
        var session = await silent.Events.GetAsync("/v1/checkout/sessions/" + await org.BuyCreditsAsync());
        await new Stripe.RefundService(silent.Stripe).CreateAsync(new() { PaymentIntent = session["payment_intent"]!.ToString(), Amount = 450 });
        var events = (await silent.Events.GetAsync("/v1/events?limit=100"))["data"]!.AsArray().Select(e => e!.DeepClone()).ToList();

        foreach (var e in events.OrderBy(e => e["type"]!.ToString().StartsWith("checkout", StringComparison.Ordinal) ? 1 : 0))
        {
            await silent.Events.DeliverAsync(e);
        }

        await Eventually.Async(org.CreditsAsync, read => read["balance"] == "250", "half of it is taken back");
    }

    [Fact]
    public async Task Refund_OfAPaymentThatIsNotOurs_ChangesNothing()
    {
        var sessions = new Stripe.Checkout.SessionService(_world.Stripe);
        var org = await TestOrg.CreateAsync(_world);
        var foreign = await sessions.CreateAsync(new Stripe.Checkout.SessionCreateOptions
        {
            Mode = "payment",
            SuccessUrl = BillingWorld.AppOrigin,
            LineItems = [new() { Quantity = 1, PriceData = new() { Currency = "usd", UnitAmount = 100, ProductData = new() { Name = "a shop's" } } }],
        });
        Assert.NotNull(await org.PayAsync(foreign.Url!));
        var payment = (await sessions.GetAsync(foreign.Id)).PaymentIntentId!;

        await RefundAsync(payment, null);

        await Eventually.Async(() => PaymentAsync(payment), row => row is { ReReadDueAt: null, OrgId: null }, "it was looked at once");
    }

    private async Task<(TestOrg Org, string Payment)> ToppedUpAsync(string card = "4242424242424242")
    {
        var org = await TestOrg.CreateAsync(_world);
        var topUp = await org.CallAsync("/topup", new { pack = "small" });
        Assert.NotNull(await org.PayAsync(topUp["url"]!, card));
        await org.ActivateAsync(topUp["session_id"]!);
        return (org, (await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(topUp["session_id"]!)).PaymentIntentId!);
    }

    private Task<Stripe.Refund> RefundAsync(string payment, long? amount) =>
        new Stripe.RefundService(_world.Stripe).CreateAsync(amount is null
            ? new() { PaymentIntent = payment }
            : new() { PaymentIntent = payment, Amount = amount });

    private static Task<ApiAnswer> BalanceAsync(TestOrg org, string balance, string debt) => Eventually.Async(
        org.CreditsAsync, read => read["balance"] == balance && read["debt"] == debt, $"a balance of {balance} and a debt of {debt}");

    private async Task<ApiAnswer> DebitAsync(TestOrg org, long amount)
    {
        using var client = _world.Client(await _world.CreateKeyAsync(Role.Service));
        client.DefaultRequestHeaders.Add("Billing-Org", org.Id);
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var json = new StringContent($$"""{"amount":{{amount}}}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/billing/credits/debit", json);
        return await ApiAnswer.ReadAsync(response);
    }

    private async Task<JsonNode> ControlAsync(string call, JsonObject body)
    {
        using var client = new HttpClient { BaseAddress = _world.Sandbox.Url };
        using var json = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/_sandbox/" + call, json);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    private async Task<string> CustomerAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
    }

    private async Task<Persistence.Payment?> PaymentAsync(string payment)
    {
        await using var db = _world.OpenDb();
        return await db.Payments.SingleOrDefaultAsync(row => row.Id == payment);
    }

    private async Task ReadAsync(string payment, int reversals)
    {
        await Eventually.Async(() => PaymentAsync(payment), row => row is { ReReadDueAt: null }, "the payment is read");
        await using var db = _world.OpenDb();
        Assert.Equal(reversals, await db.Reversals.CountAsync(row => row.PaymentId == payment));
    }

    private async Task AddsUpAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        var row = await db.Orgs.SingleAsync(o => o.Id == org.Id);
        var entries = await db.CreditEntries.Where(e => e.OrgId == org.Id).ToListAsync();
        Assert.Equal((row.Balance, row.Debt, row.LedgerLength), (entries.Sum(e => e.BalanceDelta), entries.Sum(e => e.DebtDelta), entries.Count));
        Assert.Equal(row.Balance, await db.CreditGrants.Where(g => g.OrgId == org.Id).SumAsync(g => g.Remaining));
        Assert.Equal(row.Balance, await db.CreditMovements.Where(m => m.OrgId == org.Id).SumAsync(m => m.Delta));
    }
}
