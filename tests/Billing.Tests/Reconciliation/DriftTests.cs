using Billing.Reconciliation;
using Billing.Tests.World;

namespace Billing.Tests.Reconciliation;

/// <summary>Each way to differ from Stripe is found and named, and finding it changes nothing.</summary>
public sealed class DriftTests(DriftingWorld drifting) : IClassFixture<DriftingWorld>
{
    private readonly BillingWorld _world = drifting.World;

    [Fact]
    public async Task Org_InLineWithStripe_HasNoDrift()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();

        Assert.Empty(await drifting.ReconcileAsync(org: org));
    }

    [Fact]
    public async Task Event_NeverDelivered_IsFound()
    {
        var org = await TestOrg.CreateAsync(_world);
        var events = await org.BuyUndeliveredAsync();
        await _world.Events.DeliverAsync(events[0]);
        await org.EventuallyAsync("plan", "pro"); // the read that it asked for is over

        var found = await FindAsync(org);

        Assert.Equal(
            events.Skip(1).Select(e => e["id"]!.ToString()).Order(),
            found.Where(drift => drift.Type == DriftType.MissingEvent).Select(drift => drift.ObjectId).Order());
    }

    [Fact]
    public async Task Refund_NeverTold_IsFoundAsItsEvents()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        var charges = await new Stripe.ChargeService(_world.Stripe).ListAsync(new Stripe.ChargeListOptions { Customer = await drifting.CustomerAsync(org) });
        await new Stripe.RefundService(_world.Stripe).CreateAsync(new Stripe.RefundCreateOptions { Charge = charges.Data[0].Id });

        var found = await FindAsync(org);

        // The refund does not say whose it is; the org's charges do.
        Assert.Equal([DriftType.MissingEvent, DriftType.Reversal], found.Select(drift => drift.Type).Distinct());
        Assert.Contains(found, drift => drift.Detail.StartsWith("refund.created", StringComparison.Ordinal));
        Assert.Contains(found, drift => drift.Detail.StartsWith("charge.refunded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE subscriptions SET status = 'past_due' WHERE org_id = {0}", nameof(DriftType.Status))]
    [InlineData("UPDATE subscriptions SET plan = 'team' WHERE org_id = {0}", nameof(DriftType.Plan))]
    [InlineData("UPDATE subscriptions SET price_id = 'price_other' WHERE org_id = {0}", nameof(DriftType.Plan))]
    [InlineData("UPDATE subscriptions SET current_period_end = current_period_end - interval '1 month' WHERE org_id = {0}", nameof(DriftType.Period))]
    [InlineData("UPDATE subscriptions SET cancel_at_period_end = true WHERE org_id = {0}", nameof(DriftType.Period))]
    [InlineData("UPDATE paid_periods SET invoice_id = 'in_other' FROM subscriptions s WHERE s.id = subscription_id AND s.org_id = {0}", nameof(DriftType.UnbookedInvoice))]
    public async Task Subscription_UnlikeStripes_IsFound(string breakage, string expected)
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        await BreakAsync(breakage, org);

        // That the org's row does not follow a row that was changed by hand is the lesser drift: it is gone once the subscription is repaired.
        var drift = Assert.Single(await FindAsync(org), drift => drift.Type != DriftType.Standing);

        Assert.Equal((expected, org.Id, subscription["id"]!.ToString()), (drift.Type.ToString(), drift.OrgId, drift.ObjectId));
    }

    [Fact]
    public async Task Subscription_WithoutARow_IsFound()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyUndeliveredAsync();
        await drifting.OutliveEventsAsync();

        var found = await FindAsync(org);

        Assert.Equal([DriftType.MissingSubscription, DriftType.PaidSessionWithoutGrant], found.Select(drift => drift.Type).Order());
    }

    [Fact]
    public async Task TopUp_PaidAndNotCredited_IsFound()
    {
        var org = await TestOrg.CreateAsync(_world);
        var session = await org.BuyCreditsAsync();
        await drifting.OutliveEventsAsync();

        var drift = Assert.Single(await FindAsync(org));

        Assert.Equal((DriftType.PaidSessionWithoutGrant, session), (drift.Type, drift.ObjectId));
    }

    [Fact]
    public async Task Customer_DeletedAtStripe_IsFound()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        var customer = await drifting.CustomerAsync(org);
        await new Stripe.CustomerService(_world.Stripe).DeleteAsync(customer);
        await drifting.OutliveEventsAsync();

        var drift = Assert.Single(await FindAsync(org));

        Assert.Equal((DriftType.CustomerMismatch, customer), (drift.Type, drift.ObjectId));
        Assert.Contains("deleted", drift.Detail);
        Assert.Contains(drift, await drifting.ReconcileAsync());
    }

    [Fact]
    public async Task Customer_OfAnotherOrg_IsFound_AndSoIsWhatItPaysFor()
    {
        var (org, other) = (await TestOrg.CreateAsync(_world), await TestOrg.CreateAsync(_world));
        var subscription = await org.SubscribeByHandAsync();
        var customer = await drifting.CustomerAsync(org);
        await BreakAsync("UPDATE orgs SET stripe_customer_id = NULL WHERE id = {0}", org);
        await drifting.ExecuteAsync($"UPDATE orgs SET stripe_customer_id = {customer} WHERE id = {other.Id}");

        var found = await FindAsync(org: null);

        Assert.Contains(found, drift => drift is { Type: DriftType.CustomerMismatch } && drift.OrgId == other.Id && drift.ObjectId == customer);
        Assert.Contains(found, drift => drift.Type == DriftType.CustomerMismatch && drift.OrgId == org.Id && drift.ObjectId == subscription["id"]!.ToString());
        Assert.Equal(customer, Assert.Single(await FindAsync(other)).ObjectId);
    }

    [Fact]
    public async Task Customer_ThatAnOrgLost_IsFound()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        var customer = await drifting.CustomerAsync(org);
        await BreakAsync("UPDATE orgs SET stripe_customer_id = NULL WHERE id = {0}", org);

        Assert.Contains(await FindAsync(org: null), drift =>
            drift.Type == DriftType.CustomerMismatch && drift.OrgId == org.Id && drift.ObjectId == customer && drift.Detail.Contains("has none"));
    }

    [Fact]
    public async Task Subscriptions_TwoLiveOfOneOrg_AreFound_AndNothingIsCancelled()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = (await org.SubscribeByHandAsync())["id"]!.ToString();
        var second = await drifting.SellByHandAsync(org);
        await drifting.OutliveEventsAsync();

        var unknown = Assert.Single(await FindAsync(org), drift => drift.Type == DriftType.TwoLiveSubscriptions);
        var pair = Assert.Single(await drifting.ReconcileAsync(repair: true, org), drift => drift.Type == DriftType.TwoLiveSubscriptions);

        Assert.Equal((second, false), (unknown.ObjectId, pair.IsRepaired));
        Assert.Contains($"{first} is active", pair.Detail);
        Assert.Contains($"{second} is active", pair.Detail);
        Assert.Equal("team", (await org.StatusAsync())["plan"]); // the higher one counts
        Assert.Equal(DriftType.TwoLiveSubscriptions, Assert.Single(await FindAsync(org)).Type);
        foreach (var id in new[] { first, second })
        {
            Assert.Equal("active", (await _world.Events.GetAsync("/v1/subscriptions/" + id))["status"]!.ToString());
        }
    }

    [Fact]
    public async Task Subscription_WhoseEndGotLost_IsNoSecondLiveOne()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = (await org.SubscribeByHandAsync())["id"]!.ToString();
        await drifting.SellByHandAsync(org);
        await drifting.OutliveEventsAsync();
        await drifting.ReconcileAsync(repair: true, org);
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(first);
        await drifting.OutliveEventsAsync();

        var drift = Assert.Single(await FindAsync(org));

        Assert.Equal((DriftType.Status, first), (drift.Type, drift.ObjectId));
    }

    /// <summary>A dry run, which changes nothing.</summary>
    private async Task<List<Drift>> FindAsync(TestOrg? org)
    {
        var before = await drifting.ContentAsync();
        var found = await drifting.ReconcileAsync(repair: false, org);
        Assert.Equal(before, await drifting.ContentAsync());
        Assert.DoesNotContain(found, drift => drift.IsRepaired);
        return found;
    }

    private Task<int> BreakAsync(string sql, TestOrg org) =>
        drifting.ExecuteAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(sql, org.Id));
}
