using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

public sealed class TopUpTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Theory]
    [InlineData("""{"pack":"small"}""", 500, 900)]
    [InlineData("""{"pack":"large"}""", 10000, 11900)]
    [InlineData("""{"credits":500}""", 500, 1000)]
    [InlineData("""{"credits":100000,"successUrl":"https://app.example.com/x","cancelUrl":"https://app.example.com/y"}""", 100000, 200000)]
    public async Task TopUp_IsPricedByUs_AndItsCreditsNeverExpire(string json, long credits, long amount)
    {
        var org = await TestOrg.CreateAsync(_world);
        var topUp = await org.PostAsync("/v1/billing/topup", json);
        Assert.Equal(200, topUp.Status);
        Assert.Equal((credits.ToString(), topUp["url"]), (topUp["credits"], topUp["checkout_url"]));
        var session = await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(topUp["session_id"]!);
        Assert.Equal(("payment", amount, "usd"), (session.Mode, session.AmountTotal!.Value, session.Currency));

        Assert.NotNull(await org.PayAsync(topUp["url"]!));

        var balance = await Eventually.Async(org.CreditsAsync, read => read["balance"] == credits.ToString(), "the credits are booked");
        Assert.Equal((credits.ToString(), credits.ToString(), "0", "0", "0"),
            (balance["available"], balance["topup_credits"], balance["plan_credits"], balance["held"], balance["debt"]));
        Assert.Null(balance["next_expiry"]);
        Assert.Null(balance["next_grant_at"]);
    }

    [Theory]
    [InlineData("""{}""", "pack", "exactly_one")]
    [InlineData("""{"pack":"small","credits":500}""", "pack", "exactly_one")]
    [InlineData("""{"pack":"huge"}""", "pack", "unknown_pack")]
    [InlineData("""{"pack":7}""", "pack", "invalid_type")]
    [InlineData("""{"credits":0}""", "credits", "out_of_bounds")]
    [InlineData("""{"credits":-100}""", "credits", "out_of_bounds")]
    [InlineData("""{"credits":150}""", "credits", "out_of_bounds")]
    [InlineData("""{"credits":100100}""", "credits", "out_of_bounds")]
    [InlineData("""{"credits":1.5}""", "credits", "invalid_type")]
    [InlineData("""{"credits":"500"}""", "credits", "invalid_type")]
    [InlineData("""{"credits":99999999999999999999}""", "credits", "invalid_type")]
    [InlineData("""{"pack":"small","amount":1}""", "amount", "unknown_field")]
    [InlineData("""{"pack":"small","success_url":"https://evil.example.com"}""", "success_url", "url_not_allowed")]
    public async Task TopUp_WithAWrongField_IsRefusedByName(string json, string path, string code)
    {
        var org = await TestOrg.CreateAsync(_world);
        var refused = await org.PostAsync("/v1/billing/topup", json);
        Assert.Equal((400, path, code), (refused.Status, refused["error.details.errors.0.path"], refused["error.details.errors.0.code"]));
    }

    [Fact]
    public async Task TopUp_WhileSubscribed_AddsToThePlansCredits()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync("team");
        await Eventually.Async(org.CreditsAsync, read => read["plan_credits"] == "2000", "the plan's credits are booked");
        await org.BuyCreditsAsync(new { credits = 300 });

        var balance = await Eventually.Async(org.CreditsAsync, read => read["topup_credits"] == "300", "the credits are booked");
        Assert.Equal(("2300", "2300", "2000"), (balance["balance"], balance["available"], balance["plan_credits"]));
        Assert.NotNull(balance["next_grant_at"]);
        Assert.Equal("2300", (await org.StatusAsync())["credits"]);
    }

    [Fact]
    public async Task TopUp_OpenSession_IsReusedForTheSame_ReplacedForAnother_AndDoesNotTouchTheCheckout()
    {
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.CheckoutAsync(new { plan = "pro" });
        var first = await org.CallAsync("/topup", new { pack = "small" });
        var same = await org.CallAsync("/topup", new { pack = "small" });
        var other = await org.CallAsync("/topup", new { pack = "medium" });

        Assert.Equal(first["session_id"], same["session_id"]);
        Assert.NotEqual(first["session_id"], other["session_id"]);
        Assert.Equal("expired", await StatusOfAsync(first["session_id"]!));
        Assert.Equal("open", await StatusOfAsync(checkout["session_id"]!));
    }

    [Fact]
    public async Task TopUp_Twice_CreditsBoth()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyCreditsAsync();
        await org.BuyCreditsAsync();
        await Eventually.Async(org.CreditsAsync, read => read["balance"] == "1000", "both are booked");
    }

    [Fact]
    public async Task TopUp_TheRowLostInARestore_IsCreditedByItsSignedMetadata()
    {
        var world = fixture.SilentWorld;
        var org = await TestOrg.CreateAsync(world);
        var sessionId = await org.BuyCreditsAsync();
        await using var db = world.OpenDb();
        var customer = (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
        var events = await world.Events.OfCustomerAsync(customer);
        await db.Database.ExecuteSqlAsync($"DELETE FROM checkout_sessions WHERE org_id = {org.Id}");
        await db.Database.ExecuteSqlAsync($"UPDATE orgs SET stripe_customer_id = NULL WHERE id = {org.Id}");

        foreach (var e in events)
        {
            await world.Events.DeliverAsync(e);
        }

        Assert.Equal("500", (await org.CreditsAsync())["balance"]);
        Assert.Equal("already_credited", (await org.ActivateAsync(sessionId))["state"]);
    }

    [Fact]
    public async Task TopUp_PaidInAnotherAmountThanOffered_IsOverAndNotCredited_AndAnotherOneIsSold()
    {
        var world = fixture.SilentWorld;
        var org = await TestOrg.CreateAsync(world);
        var sessionId = await org.BuyCreditsAsync();
        var session = await world.Events.GetAsync($"/v1/checkout/sessions/{sessionId}");
        session["amount_subtotal"] = 1;

        var e = EventsByHand.Event("checkout.session.completed", session, world.Sandbox.Clock.GetUtcNow());
        Assert.Equal(200, (await world.Events.DeliverAsync(e)).Status);

        Assert.Equal("0", (await org.CreditsAsync())["balance"]);
        await using var db = world.OpenDb();
        var id = e["id"]!.ToString();
        var stored = await db.StripeEvents.SingleAsync(row => row.Id == id);
        Assert.Equal(Persistence.EventOutcome.Applied, stored.Outcome);
        Assert.Contains("nothing is credited", stored.Detail);
        Assert.Equal("mismatch", (await db.CheckoutSessions.SingleAsync(row => row.OrgId == org.Id)).PaymentStatus);
        await org.ActivateAsync(await org.BuyCreditsAsync());
        Assert.Equal("500", (await org.CreditsAsync())["balance"]);
    }

    [Fact]
    public async Task Activate_ATopUpPaidInAnotherAmountThanOffered_SaysSo_AndAnotherOneIsSold()
    {
        var world = fixture.SilentWorld;
        var org = await TestOrg.CreateAsync(world);
        var session = await org.BuyCreditsAsync();
        await using var db = world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET amount = 901 WHERE org_id = {org.Id}");

        for (var i = 0; i < 2; i++)
        {
            var refused = await org.ActivateAsync(session);
            Assert.Equal((409, "CONFLICT", "amount_mismatch"), (refused.Status, refused["error.code"], refused["error.details.reason"]));
        }
        Assert.Equal("credited", (await org.ActivateAsync(await org.BuyCreditsAsync(new { pack = "medium" })))["state"]);
        Assert.Equal("2000", (await org.CreditsAsync())["balance"]);

        // Once somebody has mended what was wrong here, the first one is credited after all.
        await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET amount = 900 WHERE org_id = {org.Id} AND session_id = {session}");
        Assert.Equal("credited", (await org.ActivateAsync(session))["state"]);
    }

    [Fact]
    public async Task TopUp_ThatNobodyActivatedAndPaidInAnotherAmount_DoesNotBlockAnother()
    {
        var world = fixture.SilentWorld;
        var org = await TestOrg.CreateAsync(world);
        await org.BuyCreditsAsync();
        await using var db = world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET amount = 901 WHERE org_id = {org.Id}");

        Assert.Equal(200, (await org.CallAsync("/topup", new { pack = "small" })).Status);
        Assert.Equal("0", (await org.CreditsAsync())["balance"]);
    }

    private async Task<string?> StatusOfAsync(string sessionId) => (await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(sessionId)).Status;
}
