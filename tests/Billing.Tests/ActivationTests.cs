using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>DESIGN rule 5, activation: before any webhook, and never for more than was sold. Nothing is delivered by itself here.</summary>
public sealed class ActivationTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Fact]
    public async Task Activate_BeforeAnyWebhook_PutsTheOrgOnThePlanWithItsCredits()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");
        Assert.Equal("free", (await org.StatusAsync())["plan"]);

        var activated = await org.ActivateAsync(sessionId);

        Assert.Equal(200, activated.Status);
        Assert.Equal(("true", "active", "pro", "active", "1000"),
            (activated["success"], activated["state"], activated["plan"], activated["status"], activated["credits"]));
        var status = await org.StatusAsync();
        Assert.Equal(("pro", "active", "monthly", "1000"), (status["plan"], status["status"], status["interval"], status["credits"]));
        Assert.NotNull(status["current_period_end"]);
    }

    [Fact]
    public async Task Activate_Again_AndAfterTheWebhooks_ChangesNothing()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");
        await org.ActivateAsync(sessionId);

        Assert.Equal("already_active", (await org.ActivateAsync(sessionId))["state"]);
        await DeliverAllAsync(org);

        var again = await org.ActivateAsync(sessionId);
        Assert.Equal(("already_active", "1000"), (again["state"], again["credits"]));
    }

    [Fact]
    public async Task Activate_AfterTheWebhooks_FindsItDone()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        await using var db = _world.OpenDb();
        var session = await db.CheckoutSessions.SingleAsync(s => s.OrgId == org.Id);

        var activated = await org.ActivateAsync(session.SessionId!);

        Assert.Equal(("true", "already_active", "1000"), (activated["success"], activated["state"], activated["credits"]));
    }

    [Fact]
    public async Task Activate_RacingItsWebhooks_GivesOneResult()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");
        var events = await EventsAsync(org);

        var answers = await Task.WhenAll(
            [.. events.Select(e => _world.Events.DeliverAsync(e)), .. Enumerable.Range(0, 5).Select(_ => org.ActivateAsync(sessionId))]);

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(("pro", "1000"), ((await org.StatusAsync())["plan"], (await org.StatusAsync())["credits"]));
        await using var db = _world.OpenDb();
        Assert.Equal(1, await db.CreditGrants.CountAsync(grant => grant.OrgId == org.Id));
        Assert.Equal(1, await db.CreditEntries.CountAsync(entry => entry.OrgId == org.Id));
    }

    [Fact]
    public async Task Activate_ATopUp_CreditsItOnce_WhoeverIsFirst()
    {
        var org = await TestOrg.CreateAsync(_world);
        var sessionId = await org.BuyCreditsAsync(new { pack = "small" });

        var first = await org.ActivateAsync(sessionId);
        Assert.Equal((200, "true", "credited", "500"), (first.Status, first["success"], first["state"], first["credits"]));
        await DeliverAllAsync(org);
        var second = await org.ActivateAsync(sessionId);
        Assert.Equal(("already_credited", "500"), (second["state"], second["credits"]));
    }

    [Fact]
    public async Task Activate_AfterTheSubscriptionEnded_RevivesNothing()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");
        await org.ActivateAsync(sessionId);
        var session = await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(sessionId);
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(session.SubscriptionId!);
        await DeliverAllAsync(org);

        var replay = await org.ActivateAsync(sessionId);

        Assert.Equal((200, "ended", "free"), (replay.Status, replay["state"], replay["plan"]));
    }

    [Theory]
    [InlineData("open")]
    [InlineData("expired")]
    [InlineData("unknown")]
    [InlineData("foreign")]
    [InlineData("unsigned")]
    [InlineData("forged")]
    [InlineData("copied")]
    public async Task Activate_ASessionThatWeDidNotSellToThisOrg_IsTheSame403(string kind)
    {
        var org = await TestOrg.CreateAsync(_world);
        var refused = await org.ActivateAsync(await SessionAsync(kind, org));

        Assert.Equal((403, "FORBIDDEN", "This session cannot be activated for this org."),
            (refused.Status, refused["error.code"], refused["error.message"]));
        Assert.Equal(("free", "0"), ((await org.StatusAsync())["plan"], (await org.StatusAsync())["credits"]));
    }

    [Theory]
    [InlineData("""{}""", "required")]
    [InlineData("""{"session_id":""}""", "required")]
    [InlineData("""{"session_id":"sub_1"}""", "invalid_id")]
    [InlineData("""{"session_id":"cs_test_1/../../customers"}""", "invalid_id")]
    [InlineData("""{"session_id":"cs_test_1?expand[]=x"}""", "invalid_id")]
    [InlineData("""{"session_id":"cs_test_1\n"}""", "invalid_id")]
    public async Task Activate_WithWhatIsNoSessionId_IsA400(string json, string code)
    {
        var org = await TestOrg.CreateAsync(_world);
        var refused = await org.PostAsync("/v1/billing/activate", json);
        Assert.Equal((400, "session_id", code), (refused.Status, refused["error.details.errors.0.path"], refused["error.details.errors.0.code"]));
    }

    private async Task<string> SessionAsync(string kind, TestOrg org)
    {
        switch (kind)
        {
            case "open":
                return (await org.CheckoutAsync(new { plan = "pro" }))["session_id"]!;
            case "expired":
                var checkout = await org.CheckoutAsync(new { plan = "pro" });
                await new Stripe.Checkout.SessionService(_world.Stripe).ExpireAsync(checkout["session_id"]!);
                return checkout["session_id"]!;
            case "unknown":
                return "cs_test_doesnotexist";
            case "foreign":
                return (await (await TestOrg.CreateAsync(_world)).BuyAsync()).SessionId;
            default:
                return await SoldByHandAsync(kind, org);
        }
    }

    /// <summary>A paid session of the org's that somebody with access to the Stripe account made.</summary>
    private async Task<string> SoldByHandAsync(string kind, TestOrg org)
    {
        var topUp = await org.CallAsync("/topup", new { pack = "large" });
        var sessions = new Stripe.Checkout.SessionService(_world.Stripe);
        var metadata = (await sessions.GetAsync(topUp["session_id"]!)).Metadata!;
        if (kind == "forged")
        {
            metadata["billing_credits"] = "999999";
        }
        var made = await sessions.CreateAsync(new Stripe.Checkout.SessionCreateOptions
        {
            Mode = "payment",
            ClientReferenceId = org.Id,
            SuccessUrl = BillingWorld.AppOrigin,
            Metadata = kind == "unsigned" ? [] : metadata,
            LineItems = [new() { Quantity = 1, PriceData = new() { Currency = "usd", UnitAmount = 100, ProductData = new() { Name = "cheap" } } }],
        });
        Assert.NotNull(await org.PayAsync(made.Url!));
        return made.Id;
    }

    private async Task<List<System.Text.Json.Nodes.JsonNode>> EventsAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return await _world.Events.OfCustomerAsync((await db.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId!);
    }

    private async Task DeliverAllAsync(TestOrg org)
    {
        foreach (var e in await EventsAsync(org))
        {
            Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
        }
    }
}
