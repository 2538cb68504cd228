using Billing.Reconciliation;
using Billing.Tests.World;
using Billing.Webhooks;

namespace Billing.Tests.Reconciliation;

/// <summary>What Stripe knows it could not deliver comes in before the long listing of everything.</summary>
public sealed class UndeliveredEventTests(DriftingWorld drifting) : IClassFixture<DriftingWorld>
{
    private readonly BillingWorld _world = drifting.World;

    [Fact]
    public async Task Events_ThatStripeCouldNotDeliver_AreReceivedFirst_AndTheListingFindsTheRest()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyUndeliveredAsync(); // while Stripe has no endpoint: it believes these delivered
        await new Stripe.WebhookEndpointService(_world.Stripe).CreateAsync(new Stripe.WebhookEndpointCreateOptions
        {
            Url = "http://127.0.0.1:1/nobody-listens",
            EnabledEvents = [.. EventHandlers.Types],
        });
        await drifting.RefundAsync(await drifting.PaymentAsync(await org.BuyCreditsAsync()), 300);

        var reported = await PhasesAsync(org, repair: false);
        var repaired = await PhasesAsync(org, repair: true);

        Assert.Empty(reported["undelivered_events"]); // a report needs no haste, and each event once
        var (first, rest) = (repaired["undelivered_events"], repaired["events"]);
        Assert.All(first.Concat(rest), drift => Assert.Equal((DriftType.MissingEvent, true), (drift.Type, drift.IsRepaired)));
        Assert.Contains(first, drift => drift.Detail.StartsWith("refund.created", StringComparison.Ordinal));
        Assert.DoesNotContain(first, drift => drift.Detail.StartsWith("invoice.paid", StringComparison.Ordinal));
        Assert.Contains(rest, drift => drift.Detail.StartsWith("invoice.paid", StringComparison.Ordinal));
        Assert.Equal(
            reported["events"].Select(drift => drift.ObjectId).Order(), first.Concat(rest).Select(drift => drift.ObjectId).Order());
        Assert.Empty(await drifting.ReconcileAsync(repair: true, org));
    }

    private async Task<Dictionary<string, List<Drift>>> PhasesAsync(TestOrg org, bool repair)
    {
        var run = (await _world.Service<ReconciliationRuns>().TakeAsync(DriftingWorld.Plan(repair, org), TimeSpan.Zero, CancellationToken.None))!;
        var phases = new Dictionary<string, List<Drift>>();
        while (!run.IsDone)
        {
            var phase = run.Phase ?? "undelivered_events";
            var found = (await _world.Service<Reconciler>().StepAsync(run, CancellationToken.None))!;
            phases[phase] = [.. phases.GetValueOrDefault(phase, []), .. found];
        }
        return phases;
    }
}
