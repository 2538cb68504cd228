using System.Diagnostics.Metrics;
using Billing.Persistence;
using Billing.Reconciliation;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Reconciliation;

/// <summary>Hosts reconcile by themselves, one at a time, every so often.</summary>
public sealed class ScheduledReconciliationTests(BillingFixture fixture)
{
    [Theory]
    [InlineData("true", "pro")]
    [InlineData("false", "free")]
    public async Task Hosts_Two_ReconcileOncePerInterval_AndRepairIfTheyAreTo(string repair, string plan)
    {
        var settings = new Dictionary<string, string?> { ["Billing:Reconciliation:Interval"] = "01:00:00", ["Billing:Reconciliation:Repair"] = repair };
        await using var world = await fixture.StartWorldAsync(deliver: false, settings);
        await world.StartSecondHostAsync(settings);
        await DoneAsync(world, runs: 1);
        var org = await TestOrg.CreateAsync(world);
        var events = await org.BuyUndeliveredAsync();
        await world.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(11), CancellationToken.None); // no longer on their way
        using var drift = new CountedDrift();

        world.Service<ScheduledReconciliation>().Wake();
        await using var db = world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE reconciliations SET started_at = started_at - interval '61 minutes'");
        world.Service<ScheduledReconciliation>().Wake();

        var second = (await DoneAsync(world, runs: 2))[1];
        Assert.Equal(plan, (await org.StatusAsync())["plan"]);
        Assert.Equal(repair == "true", second.Repaired == second.Found);
        // What a repairing run went through without finding anything need not be gone through again.
        Assert.Equal(repair == "true", second.EventsFrom > second.SessionsFrom);
        Assert.Equal(repair == "true" ? events.Count : 0, await db.Audit.CountAsync(entry => entry.Actor == "reconciler" && entry.Action == "receive_event"));
        Assert.True(drift.Events >= events.Count);
    }

    private static async Task<List<ReconciliationRun>> DoneAsync(BillingWorld world, int runs) => await Eventually.Async(
        async () =>
        {
            await using var db = world.OpenDb();
            return await db.Reconciliations.OrderBy(run => run.StartedAt).ToListAsync();
        },
        all => all.Count == runs && all.TrueForAll(run => run.IsDone), $"{runs} runs are done");

    /// <summary>Counts what the meter is told. Tests beside this one tell it too, so it is a lower bound.</summary>
    private sealed class CountedDrift : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _events;

        public CountedDrift()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Billing", Name: "billing.reconciliation.drift" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                if (tags.ToArray().Contains(new("type", "missing_event")))
                {
                    Interlocked.Add(ref _events, count);
                }
            });
            _listener.Start();
        }

        public long Events => Interlocked.Read(ref _events);

        public void Dispose() => _listener.Dispose();
    }
}
