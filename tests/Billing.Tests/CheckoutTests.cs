using Billing.Checkout;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

public sealed class CheckoutTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Fact]
    public async Task Checkout_PaidOnTheHostedPage_PutsTheOrgOnThePlan()
    {
        var org = await TestOrg.CreateAsync(_world);
        Assert.Equal("free", (await org.StatusAsync())["plan"]);

        var (sessionId, landed) = await org.BuyAsync("pro", "monthly");

        Assert.Equal($"{BillingWorld.AppOrigin}/paid?session_id={sessionId}", landed!.ToString());
        var status = await org.EventuallyAsync("plan", "pro");
        Assert.Equal("active", status["status"]);
        Assert.Equal("monthly", status["interval"]);
        Assert.Equal("false", status["cancel_at_period_end"]);
        var days = (DateTimeOffset.Parse(status["current_period_end"]!) - _world.Sandbox.Clock.GetUtcNow()).TotalDays;
        Assert.InRange(days, 27, 31);
    }

    [Fact]
    public async Task Checkout_Annual_SellsAYear()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync("team", "annual");

        var status = await org.EventuallyAsync("plan", "team");
        Assert.Equal("annual", status["interval"]);
        var days = (DateTimeOffset.Parse(status["current_period_end"]!) - _world.Sandbox.Clock.GetUtcNow()).TotalDays;
        Assert.InRange(days, 364, 366);
    }

    [Fact]
    public async Task Checkout_CardDeclined_LeavesTheOrgFreeAndTheSessionOpen()
    {
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Null(await org.PayAsync(checkout["url"]!, "4000000000000002"));
        Assert.Equal("free", (await org.StatusAsync())["plan"]);

        Assert.NotNull(await org.PayAsync(checkout["url"]!));
        await org.EventuallyAsync("plan", "pro");
    }

    [Fact]
    public async Task Checkout_AtTheRoot_IsTheSameCall()
    {
        var org = await TestOrg.CreateAsync(_world);
        var one = await org.CheckoutAsync(new { plan = "pro" });
        var other = await org.CheckoutAsync(new { plan = "pro" }, path: "/v1/billing");
        Assert.Equal(one["session_id"], other["session_id"]);
    }

    [Fact]
    public async Task Checkout_RepeatedBeforePayment_HandsOutTheSameSession()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = await org.CheckoutAsync(new { plan = "pro" });
        var second = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal(200, second.Status);
        Assert.Equal((first["session_id"], first["url"]), (second["session_id"], second["url"]));
    }

    [Fact]
    public async Task Checkout_ForAnotherPlanBeforePayment_ExpiresTheFormerSession()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = await org.CheckoutAsync(new { plan = "pro" });
        var second = await org.CheckoutAsync(new { plan = "team" });

        Assert.NotEqual(first["session_id"], second["session_id"]);
        var former = await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(first["session_id"]!);
        Assert.Equal("expired", former.Status);
        Assert.NotNull(await org.PayAsync(second["url"]!));
        await org.EventuallyAsync("plan", "team");
    }

    [Fact]
    public async Task Checkout_OfThePlanThatTheOrgHas_IsRefused()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync("pro");
        await org.EventuallyAsync("plan", "pro");

        foreach (var interval in new[] { "monthly", "annual" })
        {
            var refused = await org.CheckoutAsync(new { plan = "pro", interval });
            Assert.Equal((409, "CONFLICT", "already_subscribed"), (refused.Status, refused["error.code"], refused["error.details.reason"]));
        }
    }

    [Fact]
    public async Task Checkout_PaidButNoEventArrivedYet_IsRefusedBecauseStripeIsAsked()
    {
        var world = fixture.SilentWorld;
        var org = await TestOrg.CreateAsync(world);
        await org.BuyAsync("pro");

        var refused = await org.CheckoutAsync(new { plan = "pro" });
        Assert.Equal((409, "already_subscribed"), (refused.Status, refused["error.details.reason"]));
    }

    [Fact]
    public async Task Checkout_ManyAtOnceOnTwoHosts_MakesOneSessionAndOneCustomer()
    {
        await using var world = await fixture.StartWorldAsync();
        var second = await world.StartSecondHostAsync();
        var org = await TestOrg.CreateAsync(world);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            org.CheckoutAsync(new { plan = "pro" }, i % 2 == 0 ? world.Url : second)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(answers.Select(answer => answer["session_id"]).Distinct());
        Assert.Single((await world.Events.GetAsync("/v1/checkout/sessions?limit=100"))["data"]!.AsArray());
        Assert.Single((await world.Events.GetAsync("/v1/customers?limit=100"))["data"]!.AsArray());
    }

    [Fact]
    public async Task Checkout_ProcessDiedBeforeStripesAnswerWasKept_GetsTheSameSessionOnRetry()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = await org.CheckoutAsync(new { plan = "pro" });
        await using (var db = _world.OpenDb())
        {
            // What a crash between Stripe's answer and our second commit leaves behind.
            await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET state = 'creating', session_id = NULL, url = NULL WHERE org_id = {org.Id}");
        }

        var retry = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal((200, first["session_id"]), (retry.Status, retry["session_id"]));
    }

    [Fact]
    public async Task Checkout_ProcessDiedAndThePlanIsAnother_LeavesNoPayableSessionBehind()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = await org.CheckoutAsync(new { plan = "pro" });
        await using (var db = _world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET state = 'creating', session_id = NULL, url = NULL WHERE org_id = {org.Id}");
        }

        var other = await org.CheckoutAsync(new { plan = "team" });

        Assert.Equal(200, other.Status);
        Assert.Equal("expired", (await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(first["session_id"]!)).Status);
    }

    [Theory]
    [InlineData("/back", "/back?session_id={CHECKOUT_SESSION_ID}")]
    [InlineData("/back?#top", "/back?session_id={CHECKOUT_SESSION_ID}#top")]
    [InlineData("/back?session_id={CHECKOUT_SESSION_ID}", "/back?session_id={CHECKOUT_SESSION_ID}")]
    [InlineData("/back?session%5Fid=cs_1&session_id&session_id=", "/back?session_id={CHECKOUT_SESSION_ID}")]
    [InlineData("/back?a=%26b&&session_id=x&?c=d+e&my_session_id=1#session_id=y", "/back?a=%26b&&?c=d+e&my_session_id=1&session_id={CHECKOUT_SESSION_ID}#session_id=y")]
    public void SuccessUrl_ThatHoldsASessionIdAlready_HoldsOursAlone(string given, string sent) =>
        Assert.Equal(BillingWorld.AppOrigin + sent, RedirectUrls.WithSessionId(BillingWorld.AppOrigin + given));

    [Fact]
    public async Task Checkout_SessionGoesToStripe_WithOurPriceAndSignedMetadata()
    {
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.CheckoutAsync(new { plan = "pro", success_url = $"{BillingWorld.AppOrigin}/back?a=1#top" });

        var session = await _world.Events.GetAsync($"/v1/checkout/sessions/{checkout["session_id"]}?expand[]=line_items");

        Assert.Equal("pro_monthly", session["line_items"]!["data"]![0]!["price"]!["lookup_key"]!.ToString());
        Assert.Equal(2900, session["amount_total"]!.GetValue<long>());
        Assert.Equal(org.Id, session["client_reference_id"]!.ToString());
        Assert.Equal(org.Id, session["metadata"]!["billing_org"]!.ToString());
        Assert.StartsWith("k1.", session["metadata"]!["billing_signature"]!.ToString());
        Assert.Equal(BillingWorld.AppOrigin + "/back?a=1&session_id={CHECKOUT_SESSION_ID}#top", session["success_url"]!.ToString());
    }
}
