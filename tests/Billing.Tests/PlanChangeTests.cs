using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>Changes of a subscription, confirmed by the customer in the billing portal. The clock of this world is moved.</summary>
public sealed class PlanChangeTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Upgrade_Confirmed_TakesEffectAtOnce_AndTheDifferenceIsInvoiced()
    {
        var org = await SubscribedAsync("pro");
        var change = await org.CheckoutAsync(new { plan = "team", success_url = BillingWorld.AppOrigin + "/upgraded" });
        Assert.Equal((200, "plan_change", change["checkout_url"]), (change.Status, change["kind"], change["url"]));
        Assert.Equal("pro", (await org.StatusAsync())["plan"]);

        var confirmed = await PortalPage.SubmitAsync(change["url"]!, "/update");

        Assert.Equal((303, BillingWorld.AppOrigin + "/upgraded"), confirmed);
        await org.EventuallyAsync("plan", "team");
        var invoices = await InvoicesAsync(org);
        Assert.Equal((2, "subscription_update", "paid"),
            (invoices.Count, invoices[0]!["billing_reason"]!.ToString(), invoices[0]!["status"]!.ToString()));
        Assert.InRange(invoices[0]!["amount_paid"]!.GetValue<long>(), 6900, 7000);
        Assert.Equal(409, (await org.CheckoutAsync(new { plan = "team" })).Status);
    }

    [Fact]
    public async Task Downgrade_Confirmed_TakesEffectWhenThePeriodEnds()
    {
        var org = await SubscribedAsync("team");
        var change = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal(303, (await PortalPage.SubmitAsync(change["url"]!, "/update")).Status);

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(20), CancellationToken.None);
        Assert.Equal(("team", "active"), ((await org.StatusAsync())["plan"], (await org.StatusAsync())["status"]));
        Assert.Single(await InvoicesAsync(org));
        await MoveToPeriodEndAsync(org);
        await org.EventuallyAsync("plan", "pro");
    }

    [Fact]
    public async Task PlanChange_LinkOfARetryWithTheSameKey_IsAFreshOne()
    {
        var org = await SubscribedAsync("pro");
        using var client = _world.Client(org.OwnerKey);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "upgrade-1");
        var urls = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            using var json = new StringContent("""{"plan":"team"}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/v1/billing/checkout", json);
            urls.Add((await ApiAnswer.ReadAsync(response))["url"]);
        }
        Assert.NotEqual(urls[0], urls[1]);
        await using var db = _world.OpenDb();
        Assert.Null((await db.IdempotencyKeys.SingleAsync(key => key.OrgId == org.Id)).Body);
    }

    [Fact]
    public async Task Cancellation_InThePortal_IsShown_CanBeTakenBack_AndEndsThePlanWithThePeriod()
    {
        var org = await SubscribedAsync("pro");
        var subscription = await SubscriptionIdAsync(org);
        var portal = (await org.CallAsync("/portal", new { return_url = BillingWorld.AppOrigin + "/billing" }))["url"]!;

        await PortalPage.SubmitAsync(portal, "/cancel", $"/subscriptions/{subscription}/cancel");
        var canceling = await org.EventuallyAsync("cancel_at_period_end", "true");
        Assert.Equal(("pro", canceling["current_period_end"]), (canceling["plan"], canceling["cancel_at"]));
        Assert.NotNull((await org.CreditsAsync())["balance"]);
        Assert.Null((await org.CreditsAsync())["next_grant_at"]);

        await PortalPage.SubmitAsync(portal, "/renew");
        Assert.Null((await org.EventuallyAsync("cancel_at_period_end", "false"))["cancel_at"]);

        await PortalPage.SubmitAsync(portal, "/cancel", $"/subscriptions/{subscription}/cancel");
        await org.EventuallyAsync("cancel_at_period_end", "true");
        await MoveToPeriodEndAsync(org);
        await org.EventuallyAsync("plan", "free");
        Assert.Equal("new_subscription", (await org.CheckoutAsync(new { plan = "pro" }))["kind"]);
    }

    [Fact]
    public async Task PlanChange_WhileACancellationIsScheduled_IsRefusedUntilItIsTakenBack()
    {
        var org = await SubscribedAsync("pro");
        var portal = (await org.CallAsync("/portal", new { }))["url"]!;
        await PortalPage.SubmitAsync(portal, "/cancel", $"/subscriptions/{await SubscriptionIdAsync(org)}/cancel");

        var refused = await org.CheckoutAsync(new { plan = "team" });

        Assert.Equal((409, "CONFLICT", "cancellation_scheduled"), (refused.Status, refused["error.code"], refused["error.details.reason"]));
        await PortalPage.SubmitAsync(portal, "/renew");
        Assert.Equal("plan_change", (await org.CheckoutAsync(new { plan = "team" }))["kind"]);
    }

    [Fact]
    public async Task PlanChange_AfterThePriceOfAnUpgradeWasReplaced_IsStillOffered()
    {
        var org = await SubscribedAsync("pro");
        await PortalPage.SubmitAsync((await org.CheckoutAsync(new { plan = "team" }))["url"]!, "/update");
        await org.EventuallyAsync("plan", "team");
        await ReplacePriceAsync("team_monthly");

        var change = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal((200, "plan_change"), (change.Status, change["kind"]));
        Assert.Equal("already_subscribed", (await org.CheckoutAsync(new { plan = "team" }))["error.details.reason"]);
    }

    [Fact]
    public async Task PlanChange_OnAPriceThatOnlyOurRowHasAPlanFor_IsStillOffered()
    {
        var org = await SubscribedAsync("team");
        await using (var db = _world.OpenDb())
        {
            // All that is left of the price is the plan that the subscription kept.
            await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET price_id = 'price_unknown' WHERE org_id = {org.Id}");
            await db.Database.ExecuteSqlAsync($"UPDATE subscriptions SET price_id = NULL WHERE org_id = {org.Id}");
        }
        await ReplacePriceAsync("team_monthly");

        Assert.Equal("plan_change", (await org.CheckoutAsync(new { plan = "pro" }))["kind"]);
    }

    [Fact]
    public async Task Checkout_WhilePastDue_IsRefusedUntilTheInvoiceIsPaid()
    {
        var org = await SubscribedAsync("pro");
        await _world.AttachAsync(await CustomerAsync(org), await SubscriptionIdAsync(org), "pm_card_chargeCustomerFail");
        await MoveToPeriodEndAsync(org);
        await org.EventuallyAsync("status", "past_due");

        foreach (var plan in new[] { "pro", "team" })
        {
            var refused = await org.CheckoutAsync(new { plan });
            Assert.Equal((409, "payment_required"), (refused.Status, refused["error.details.reason"]));
        }

        await _world.AttachAsync(await CustomerAsync(org), await SubscriptionIdAsync(org), "pm_card_visa");
        await PortalPage.SubmitAsync((await org.CallAsync("/portal", new { }))["url"]!, "/pay");
        await org.EventuallyAsync("status", "active");
        Assert.Equal("plan_change", (await org.CheckoutAsync(new { plan = "team" }))["kind"]);
    }

    private async Task ReplacePriceAsync(string lookupKey)
    {
        var prices = new Stripe.PriceService(_world.Stripe);
        var former = (await prices.ListAsync(new Stripe.PriceListOptions { LookupKeys = [lookupKey] })).Data.Single();
        await prices.CreateAsync(new Stripe.PriceCreateOptions
        {
            LookupKey = lookupKey,
            TransferLookupKey = true,
            UnitAmount = former.UnitAmount,
            Currency = former.Currency,
            Product = former.ProductId,
            Recurring = new Stripe.PriceRecurringOptions { Interval = former.Recurring!.Interval },
        });
    }

    private async Task<TestOrg> SubscribedAsync(string plan)
    {
        var org = await TestOrg.CreateAsync(_world);
        Assert.Equal("true", (await org.ActivateAsync((await org.BuyAsync(plan)).SessionId))["success"]);
        return org;
    }

    private async Task MoveToPeriodEndAsync(TestOrg org)
    {
        var end = DateTimeOffset.Parse((await org.StatusAsync())["current_period_end"]!);
        await _world.Sandbox.AdvanceAsync(end.AddHours(2) - _world.Sandbox.Clock.GetUtcNow(), CancellationToken.None);
    }

    private async Task<string> SubscriptionIdAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).Id;
    }

    private async Task<string> CustomerAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
    }

    private async Task<System.Text.Json.Nodes.JsonArray> InvoicesAsync(TestOrg org) =>
        (await _world.Events.GetAsync("/v1/invoices?customer=" + await CustomerAsync(org)))["data"]!.AsArray();
}
