using System.Diagnostics;
using System.Globalization;
using Billing.Ledger;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Crash;

/// <summary>
/// DESIGN rules 1, 2 and 10: hosts and the database are killed under load, and nothing that was acknowledged is lost, done twice or half
/// done. For five seconds of load, or as long as <c>BILLING_CRASH_SECONDS</c> says (<c>tests/long.sh</c>).
/// </summary>
public sealed class CrashTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("BILLING_CRASH_SECONDS") ?? "5", CultureInfo.InvariantCulture));

    /// <summary>So many must get through, or the run goes on.</summary>
    private const int LeastEvents = 100;

    [Fact]
    public async Task Hosts_KilledUnderLoad_AndTheDatabaseToo_LoseNothingAndDoNothingTwice()
    {
        CrashOrg[] orgs = [];
        await using var world = await CrashWorld.StartAsync(
            async setUp => orgs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CrashOrg.CreateAsync(setUp))));
        var load = new CrashLoad(world, orgs);
        var seed = Environment.TickCount;

        using var stop = new CancellationTokenSource();
        var sending = load.SendAsync(seed, stop.Token);
        var kills = await KillAsync(world, load, sending, new Random(seed));
        await stop.CancelAsync();
        await sending;

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"Seed {seed}: {kills} hosts killed, {load.Acknowledged.Count} events acknowledged, {load.Failures} deliveries failed, {load.Unacknowledged.Count} events not acknowledged");
        Assert.True(load.Failures > 0);
        Assert.InRange(load.Acknowledged.Count, LeastEvents, int.MaxValue);
        var all = load.Acknowledged.Concat(load.Unacknowledged).ToDictionary(e => e.Id);
        var stored = await AssertWholeAsync(world, orgs, all);
        Assert.Empty(load.Acknowledged.Select(e => e.Id).Except(stored));

        foreach (var e in load.Unacknowledged)
        {
            await load.RedeliverAsync(e);
        }
        Assert.Equal(all.Count, (await AssertWholeAsync(world, orgs, all)).Count);
    }

    /// <summary>One host after the other, again and again, and the database once in between. All are up when it returns.</summary>
    private static async Task<int> KillAsync(CrashWorld world, CrashLoad load, Task sending, Random random)
    {
        var started = Stopwatch.GetTimestamp();
        var (kills, isDatabaseDue) = (0, true);
        while (!sending.IsCompleted && (kills < 6 || isDatabaseDue || load.Acknowledged.Count < LeastEvents || Stopwatch.GetElapsedTime(started) < Length))
        {
            await GetThroughAsync(load, sending, random.Next(1, 25));
            await Task.Delay(random.Next(0, 500));
            if (isDatabaseDue && Stopwatch.GetElapsedTime(started) > Length / 3)
            {
                isDatabaseDue = false;
                await world.CrashDatabaseAsync();
                await Task.Delay(300);
            }
            await world.KillAndRestartHostAsync(kills++ % world.Count);
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s: {load.Acknowledged.Count} acknowledged, {load.Failures} failed");
        }
        return kills;
    }

    /// <summary>
    /// Waits until so many more are acknowledged, but not for ever: a host that has just started is slow, and by the clock alone little would get
    /// through between two kills on a busy machine.
    /// </summary>
    private static async Task GetThroughAsync(CrashLoad load, Task sending, int events)
    {
        var (started, enough) = (Stopwatch.GetTimestamp(), load.Acknowledged.Count + events);
        while (!sending.IsCompleted && load.Acknowledged.Count < enough && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(20);
        }
    }

    /// <summary>Every stored event is in effect exactly once, and nothing else is.</summary>
    /// <returns>The ids of those that are stored.</returns>
    private static async Task<HashSet<string>> AssertWholeAsync(CrashWorld world, CrashOrg[] orgs, Dictionary<string, CrashEvent> all)
    {
        await using var db = world.World.OpenDb();
        var rows = await db.StripeEvents.AsNoTracking().Select(e => new { e.Id, e.Outcome, e.Detail }).ToListAsync();
        Assert.DoesNotContain(rows, row => row.Outcome == EventOutcome.Parked); // also what a row says whose effects are missing
        var stored = rows.Select(row => row.Id).Where(all.ContainsKey).ToHashSet();
        foreach (var org in orgs)
        {
            await org.AssertHasExactlyAsync(db, [.. stored.Select(id => all[id])]);
        }
        Assert.All(await world.World.Service<LedgerProbe>().CheckAsync("", 100, CancellationToken.None), finding => Assert.Equal("", finding.Wrong));
        return stored;
    }
}
