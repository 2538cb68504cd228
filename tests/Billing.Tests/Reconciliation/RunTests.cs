using Billing.Persistence;
using Billing.Reconciliation;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Reconciliation;

/// <summary>A run belongs to one holder at a time, and the next one goes on where the last one stopped.</summary>
public sealed class RunTests(DriftingWorld drifting) : IClassFixture<DriftingWorld>
{
    private readonly BillingWorld _world = drifting.World;
    private readonly ReconciliationRuns _runs = drifting.World.Service<ReconciliationRuns>();
    private readonly Reconciler _reconciler = drifting.World.Service<Reconciler>();

    [Fact]
    public async Task Run_WhoseHolderDied_IsGoneOnWith_AndTheHolderThatComesBackDoesNoHarm()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyUndeliveredAsync();
        var first = (await TakeAsync(org))!;
        Assert.Empty(await StepAsync(first)); // nothing is known to be undelivered, as there is no endpoint
        Assert.NotEmpty(await StepAsync(first));
        Assert.Null(await TakeAsync(org)); // while it lives

        await drifting.ExecuteAsync($"UPDATE reconciliations SET lease_until = clock_timestamp() WHERE id = {first.Id}");
        var second = (await TakeAsync(org))!;

        Assert.Equal((first.Id, "subscriptions", first.Found, first.EventsTo), (second.Id, second.Phase, second.Found, second.EventsTo));
        Assert.Null(await _reconciler.StepAsync(first, CancellationToken.None));
        while (!second.IsDone)
        {
            await StepAsync(second);
        }
        Assert.Equal("pro", (await org.StatusAsync())["plan"]);
        Assert.Equal("1000", (await org.CreditsAsync())["balance"]);
        Assert.NotEqual(first.Id, (await TakeAsync(org))!.Id); // that one is done; this is another
    }

    [Fact]
    public async Task Run_KilledBetweenRepairAndItsCursor_RepeatsThePage_AndAuditsNothingTwice()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyUndeliveredAsync();
        var run = (await TakeAsync(org))!;
        await StepAsync(run);
        await StepAsync(run);
        var audited = (await drifting.AuditAsync(org)).Count(entry => entry.Action == "receive_event");
        // As if the inbox had not got as far as the audit.
        await drifting.ExecuteAsync($"UPDATE reconciliations SET phase = NULL, lease_until = NULL WHERE id = {run.Id}");
        await drifting.ExecuteAsync($"DELETE FROM stripe_events WHERE org_id = {org.Id}");

        var again = (await TakeAsync(org))!;
        while (!again.IsDone)
        {
            await StepAsync(again);
        }

        Assert.Equal(audited, (await drifting.AuditAsync(org)).Count(entry => entry.Action == "receive_event"));
        Assert.Equal("1000", (await org.CreditsAsync())["balance"]);
        Assert.Empty(await drifting.ReconcileAsync(org: org));
    }

    [Theory]
    [InlineData("UPDATE reconciliations SET advanced_at = advanced_at - interval '25 hours', lease_until = NULL WHERE scope = {0}")]
    [InlineData("UPDATE reconciliations SET sessions_from = sessions_from + interval '1 day', lease_until = NULL WHERE scope = {0}")]
    public async Task Run_LongForgottenOrAboutAnotherTime_IsBegunAnew(string change)
    {
        var org = await TestOrg.CreateAsync(_world);
        var forgotten = (await TakeAsync(org))!;
        await StepAsync(forgotten);
        await drifting.ExecuteAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(change, org.Id));

        var anew = (await TakeAsync(org))!;

        Assert.NotEqual(forgotten.Id, anew.Id);
        Assert.Null(anew.Phase);
    }

    [Fact]
    public async Task Run_ThatGotNowhere_IsBegunAnewSomeMinutesLater_SoThatItLooksAtWhatCameSince()
    {
        var org = await TestOrg.CreateAsync(_world);
        var stuck = (await TakeAsync(org))!;
        await _runs.ReleaseAsync(stuck);
        Assert.Equal(stuck.Id, (await TakeAsync(org))!.Id);
        await drifting.ExecuteAsync($"UPDATE reconciliations SET advanced_at = advanced_at - interval '6 minutes', lease_until = NULL WHERE id = {stuck.Id}");

        Assert.NotEqual(stuck.Id, (await TakeAsync(org))!.Id);
    }

    [Fact]
    public async Task Run_WithPatience_LeavesOutWhatMayBeOnItsWay()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync();
        await org.BuyCreditsAsync();
        var patient = DriftingWorld.Plan(repair: true, org) with { Patience = TimeSpan.FromMinutes(10) };
        var run = (await _runs.TakeAsync(patient, TimeSpan.Zero, CancellationToken.None))!;
        while (!run.IsDone)
        {
            Assert.Empty(await StepAsync(run));
        }
        Assert.NotEmpty(await drifting.ReconcileAsync(repair: true, org));
    }

    [Fact]
    public async Task Run_WithPatience_LeavesOutASubscriptionThatIsAboutToBeRead()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync();
        await using var db = _world.OpenDb();
        var customer = (await db.Orgs.AsNoTracking().SingleAsync(row => row.Id == org.Id)).StripeCustomerId;
        var bought = await new Stripe.SubscriptionService(_world.Stripe).ListAsync(new Stripe.SubscriptionListOptions { Customer = customer });
        db.Subscriptions.Add(new Subscription { Id = bought.Data.Single().Id, OrgId = org.Id });
        await db.SaveChangesAsync();
        var patient = DriftingWorld.Plan(repair: false, org) with { Patience = TimeSpan.FromMinutes(10) };
        var run = (await _runs.TakeAsync(patient, TimeSpan.Zero, CancellationToken.None))!;
        while (!run.IsDone)
        {
            Assert.Empty(await StepAsync(run));
        }
        Assert.Contains(await drifting.ReconcileAsync(repair: false, org), drift => drift.Type == DriftType.Status);
    }

    [Fact]
    public async Task Run_WithPatience_LeavesOutACustomerThatItsOrgsRowDoesNotNameYet()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        await drifting.ExecuteAsync($"UPDATE orgs SET stripe_customer_id = NULL WHERE id = {org.Id}");
        var found = new List<Drift>();
        var run = (await _runs.TakeAsync(
            DriftingWorld.Plan(repair: false) with { Patience = TimeSpan.FromMinutes(10) }, TimeSpan.Zero, CancellationToken.None))!;
        while (!run.IsDone)
        {
            found.AddRange(await StepAsync(run));
        }
        Assert.DoesNotContain(found, drift => drift.OrgId == org.Id);
        Assert.Contains(await drifting.ReconcileAsync(), drift => drift.Type == DriftType.CustomerMismatch && drift.OrgId == org.Id);
    }

    [Fact]
    public async Task Run_TakenByManyAtOnce_HasOneHolder()
    {
        var org = await TestOrg.CreateAsync(_world);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TakeAsync(org))));
        Assert.Single(taken, run => run is not null);
        await using var db = _world.OpenDb();
        Assert.Equal(1, await db.Reconciliations.CountAsync(run => run.Scope == org.Id));
    }

    private Task<ReconciliationRun?> TakeAsync(TestOrg org) => _runs.TakeAsync(DriftingWorld.Plan(repair: true, org), TimeSpan.Zero, CancellationToken.None);

    private async Task<IReadOnlyList<Drift>> StepAsync(ReconciliationRun run) => (await _reconciler.StepAsync(run, CancellationToken.None))!;
}
