using System.Text.Json.Nodes;
using Billing.Tests.World;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>What activation says of a session whose purchase is not simply there. Stripe's answer about the session is changed on its way.</summary>
public sealed class ActivationOutcomeTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;
    private FaultyStripe _stripe = null!;
    private Uri _host = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await fixture.StartWorldAsync(deliver: false);
        _stripe = await FaultyStripe.StartAsync(_world);
        _host = await _world.StartSecondHostAsync(_stripe.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Theory]
    [InlineData("unpaid", 0, "payment_required")]
    [InlineData("incomplete", 0, "payment_required")]
    [InlineData("past_due", 40, "payment_required")]
    [InlineData("paused", 0, "subscription_paused")]
    [InlineData("canceled", 0, "ended")]
    [InlineData("past_due", 0, "active")]
    public async Task Subscription_ThatEntitlesToNothing_IsNotCalledEndedBeforeItIs(string status, int daysUnpaid, string said)
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");
        ShowSession(session =>
        {
            var subscription = session["subscription"]!;
            var item = subscription["items"]!["data"]![0]!;
            item["current_period_start"] = item["current_period_start"]!.GetValue<long>() - daysUnpaid * 86400;
            (subscription["status"], subscription["latest_invoice"]!["status"]) = (status, "open");
        });

        for (var i = 0; i < 2; i++)
        {
            var answer = await org.ActivateAsync(sessionId, _host);
            Assert.Equal(i == 1 && said == "active" ? "already_active" : said, answer["state"] ?? answer["error.details.reason"]);
        }
    }

    [Fact]
    public async Task Subscription_PaidAgainAfterTheGrace_IsActivatedByThisCall()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");
        await org.ActivateAsync(sessionId);
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE subscriptions SET status = 'past_due', past_due_since = now() - interval '40 days' WHERE org_id = {org.Id}");

        Assert.Equal("active", (await org.ActivateAsync(sessionId))["state"]);
        Assert.Equal("already_active", (await org.ActivateAsync(sessionId))["state"]);
    }

    [Fact]
    public async Task TopUp_WhoseDelayedPaymentFailed_IsNotCalledCreditedNorPending()
    {
        var org = await TestOrg.CreateAsync(_world);
        var sessionId = await org.BuyCreditsAsync();
        ShowSession(session => session["payment_status"] = "unpaid");

        var pending = await org.ActivateAsync(sessionId, _host);
        Assert.Equal((202, "pending_payment"), (pending.Status, pending["state"]));
        var failed = await _world.Events.GetAsync("/v1/checkout/sessions/" + sessionId);
        failed["payment_status"] = "unpaid";
        await _world.Events.DeliverAsync(EventsByHand.Event("checkout.session.async_payment_failed", failed, _world.Sandbox.Clock.GetUtcNow()));

        var answer = await org.ActivateAsync(sessionId, _host);
        Assert.Equal((409, "payment_failed"), (answer.Status, answer["error.details.reason"]));
    }

    [Fact]
    public async Task TopUp_ThatCostNothing_IsNotCalledCredited()
    {
        var org = await TestOrg.CreateAsync(_world);
        var sessionId = await org.BuyCreditsAsync();
        ShowSession(session => session["payment_status"] = "no_payment_required");

        Assert.Equal("amount_mismatch", (await org.ActivateAsync(sessionId, _host))["error.details.reason"]);
        Assert.Equal("0", (await org.CreditsAsync())["balance"]);
    }

    private void ShowSession(Action<JsonNode> change) => _stripe.Intercept = async call =>
    {
        if (call.Request.Method != "GET" || !call.Request.Path.StartsWithSegments("/v1/checkout/sessions"))
        {
            return false;
        }
        var session = await _world.Events.GetAsync(call.Request.Path + "?expand[]=subscription.latest_invoice");
        change(session);
        call.Response.ContentType = "application/json";
        await call.Response.WriteAsync(session.ToJsonString());
        return true;
    };
}
