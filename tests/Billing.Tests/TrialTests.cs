using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>A trial is for an org's first subscription only. The clock of this world is moved.</summary>
public sealed class TrialTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync(settings: new Dictionary<string, string?>
    {
        ["Billing:Plans:pro:Monthly:TrialDays"] = "14",
        ["Billing:Plans:team:Monthly:TrialDays"] = "7",
    });

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Trial_StartsWithoutACharge_GivesPlanAndCredits_AndBecomesAPaidPeriod()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");

        var activated = await org.ActivateAsync(sessionId);

        Assert.Equal((200, "true", "pro", "trialing", "1000"),
            (activated.Status, activated["success"], activated["plan"], activated["status"], activated["credits"]));
        var trial = await org.StatusAsync();
        Assert.Equal(trial["current_period_end"], trial["trial_end"]);
        Assert.Equal(14, Math.Round((DateTimeOffset.Parse(trial["trial_end"]!) - _world.Sandbox.Clock.GetUtcNow()).TotalDays));

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(14) + TimeSpan.FromHours(2), CancellationToken.None);

        var paid = await org.EventuallyAsync("status", "active");
        Assert.True(DateTimeOffset.Parse(paid["current_period_end"]!) > _world.Sandbox.Clock.GetUtcNow().AddDays(25));
    }

    [Fact]
    public async Task Trial_OfAnotherPlanAfterTheFirstWasCanceled_IsNotGivenAgain()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);
        var session = await org.CheckoutAsync(new { plan = "team" });
        Assert.Equal("plan_change", session["kind"]);
        await using (var db = _world.OpenDb())
        {
            var subscription = db.Subscriptions.Single(s => s.OrgId == org.Id);
            await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription.Id);
        }
        await org.EventuallyAsync("plan", "free");

        var again = await org.CheckoutAsync(new { plan = "team" });

        var made = await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(again["session_id"]!);
        Assert.Equal(("open", 9900), (made.Status, made.AmountTotal));
        Assert.NotNull(await org.PayAsync(again["url"]!));
        await org.EventuallyAsync("status", "active");
    }

    [Fact]
    public async Task Trial_KnownToStripeOnly_IsNotGivenAgain()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");
        await org.EventuallyAsync("plan", "pro");
        var session = await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(sessionId);
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(session.SubscriptionId!);
        await org.EventuallyAsync("plan", "free");
        await using (var db = _world.OpenDb())
        {
            // As after a restore to an earlier point.
            db.PaidPeriods.RemoveRange(db.PaidPeriods.Where(p => p.SubscriptionId == session.SubscriptionId));
            db.Subscriptions.RemoveRange(db.Subscriptions.Where(s => s.OrgId == org.Id));
            await db.SaveChangesAsync();
        }

        var again = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal(2900, (await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(again["session_id"]!)).AmountTotal);
    }
}
