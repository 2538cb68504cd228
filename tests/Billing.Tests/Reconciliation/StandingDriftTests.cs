using Billing.Reconciliation;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Reconciliation;

/// <summary>An org's row says what its subscriptions come to, whoever wrote something else into it.</summary>
public sealed class StandingDriftTests(DriftingWorld drifting, BillingFixture fixture) : IClassFixture<DriftingWorld>
{
    private readonly BillingWorld _world = drifting.World;

    [Theory]
    [InlineData("UPDATE orgs SET plan = 'team' WHERE id = {0}", true)]
    [InlineData("UPDATE orgs SET plan = 'free', status = NULL, interval = NULL, current_period_end = NULL WHERE id = {0}", false)]
    [InlineData("UPDATE orgs SET status = 'past_due', plan_until = now() + interval '1 day' WHERE id = {0}", true)]
    [InlineData("UPDATE orgs SET interval = 'annual' WHERE id = {0}", true)]
    [InlineData("UPDATE orgs SET current_period_end = current_period_end + interval '1 year' WHERE id = {0}", false)]
    [InlineData("UPDATE orgs SET cancel_at_period_end = true WHERE id = {0}", true)]
    [InlineData("UPDATE orgs SET credits_until = credits_until + interval '1 year' WHERE id = {0}", true)]
    [InlineData("UPDATE subscriptions SET paid_through = NULL WHERE org_id = {0}", true)]
    public async Task Row_UnlikeItsSubscriptions_IsFound_Settled_AndFoundNoMore(string breakage, bool ofOneOrg)
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        var scope = ofOneOrg ? org : null;
        var expected = await LookAsync(org);
        await drifting.ExecuteAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(breakage, org.Id));
        var broken = await drifting.ContentAsync();

        var drift = Assert.Single(await drifting.ReconcileAsync(repair: false, scope), drift => drift.OrgId == org.Id);
        Assert.Equal((DriftType.Standing, org.Id, false), (drift.Type, drift.ObjectId, drift.IsRepaired));
        Assert.Equal(broken, await drifting.ContentAsync());

        Assert.True(Assert.Single(await drifting.ReconcileAsync(repair: true, scope), drift => drift.OrgId == org.Id).IsRepaired);
        Assert.Equal(expected, await LookAsync(org));
        var entry = Assert.Single(await drifting.AuditAsync(org));
        Assert.Equal(("settle_org", org.Id, "test"), (entry.Action, entry.Subject, entry.Actor));
        Assert.NotEqual(entry.Before, entry.After);
        Assert.DoesNotContain(await drifting.ReconcileAsync(repair: true, scope), drift => drift.OrgId == org.Id);
    }

    [Fact]
    public async Task Org_ThatHasAPlanAndNoSubscription_IsFoundAndFreed()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CreditsAsync();
        await drifting.ExecuteAsync($"UPDATE orgs SET plan = 'enterprise', status = 'active' WHERE id = {org.Id}");

        Assert.True(Assert.Single(await drifting.ReconcileAsync(repair: true, org)).IsRepaired);

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
        Assert.Empty(await drifting.ReconcileAsync(repair: true, org));
    }

    [Fact]
    public async Task Cancellation_InAPaidMonth_IsNoDrift()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = (await org.SubscribeByHandAsync())["id"]!.ToString();
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription);
        foreach (var e in await _world.Events.OfCustomerAsync(await drifting.CustomerAsync(org)))
        {
            await _world.Events.DeliverAsync(e);
        }
        await org.EventuallyAsync("plan", "free");

        Assert.Empty(await drifting.ReconcileAsync(org: org));
    }

    /// <summary>What the row says goes stale as time passes, and whoever reads it knows; nothing is written until something happens.</summary>
    [Fact]
    public async Task Time_ThatPasses_IsNoDrift()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        await org.SubscribeByHandAsync();
        await using (var db = world.OpenDb())
        {
            // Past due as of now, with a grace of 30 days, and nothing at Stripe to say otherwise.
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE subscriptions SET status = 'past_due', past_due_since = current_period_start,
                    current_period_end = current_period_end + interval '1 year', re_read_due_at = NULL WHERE org_id = {org.Id}
                """);
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE orgs SET status = 'past_due', plan_until = s.current_period_start + interval '30 days', current_period_end = s.current_period_end
                FROM subscriptions s WHERE s.org_id = orgs.id AND orgs.id = {org.Id}
                """);
        }
        Assert.Empty(await StandingsAsync(world, org));

        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(31), CancellationToken.None); // the grace and the paid month are over

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
        Assert.Empty(await StandingsAsync(world, org));
    }

    private static async Task<List<Drift>> StandingsAsync(BillingWorld world, TestOrg org) =>
        (await DriftingWorld.ReconcileAsync(world, repair: false, org)).FindAll(drift => drift.Type == DriftType.Standing);

    private async Task<string> LookAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        var row = await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id);
        var subscription = await drifting.SubscriptionAsync(org);
        return $"{row.Plan} {row.Status} {row.Interval} {row.CurrentPeriodEnd:u} {row.CancelAtPeriodEnd} {row.PlanUntil:u} {row.Paid} {row.Balance} "
            + $"{subscription.PaidThrough:u}";
    }
}
