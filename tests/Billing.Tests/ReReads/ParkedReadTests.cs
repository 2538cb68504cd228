using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Billing.Authentication;
using Billing.Background;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.ReReads;

/// <summary>What cannot be read for hours is seen, in nobody's way, and read when there is news of it (DESIGN rule 1).</summary>
public sealed class ParkedReadTests(BillingFixture fixture)
{
    [Fact]
    public async Task Read_ThatFailsForHours_IsParked_BlocksNothing_AndIsAppliedWhenMarkedAgain()
    {
        using var meters = new Outcomes();
        await using var world = await ReadingWorld.StartAsync(fixture);
        var isBroken = true;
        world.Stripe.Intercept = call => ReadingWorld.IsRead(call) && ReadingWorld.ReadId(call) == world.SubscriptionId && isBroken
            ? FaultyStripe.AnswerAsync(call, 400, "invalid_request_error")
            : ReadingWorld.IsRead(call) && isBroken ? world.AnswerAsync(call) : Task.FromResult(false);
        await FailBeforeAsync(world, ReReadQueue.ParkedAfter - 1);
        await world.AddDueAsync(orgs: 1, ofEach: 2);

        var host = await world.StartHostAsync();

        var parked = await Eventually.Async(world.RowAsync, row => row.ReReadAttempts == ReReadQueue.ParkedAfter, "it is parked");
        Assert.Null(parked.ReReadClaimedUntil);
        Assert.InRange((parked.ReReadDueAt!.Value - DateTimeOffset.UtcNow).TotalHours, 4, 8);
        await Eventually.Async(() => DueAsync(world), due => due == 1, "the others are read");
        Assert.Contains(("subscriptions", "parked"), meters.Seen);

        isBroken = false;
        await world.MarkAsync(host);

        await ReadAsync(world);
    }

    [Fact]
    public async Task Sync_OfAnOrgWhoseReadIsParked_ReadsItAtOnce()
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        await using (var db = world.World.OpenDb())
        {
            await db.Database.ExecuteSqlAsync(
                $"UPDATE subscriptions SET re_read_due_at = clock_timestamp() + interval '6 hours', re_read_requests = 1, re_read_attempts = {ReReadQueue.ParkedAfter}");
        }
        var host = await world.StartHostAsync();

        var answer = await world.World.SendAsync(
            HttpMethod.Post, $"/v1/ops/orgs/{world.Org.Id}/sync", await world.World.CreateKeyAsync(Role.Operator), """{"reason":"mended"}""", host: host);

        Assert.Equal((200, "1"), (answer.Status, answer["subscriptions"]));
        await ReadAsync(world);
    }

    private static async Task ReadAsync(ReadingWorld world)
    {
        var read = await Eventually.Async(world.RowAsync, row => row.ReReadDueAt is null, "it is read");
        Assert.Equal(0, read.ReReadAttempts);
    }

    [Fact]
    public async Task Stripe_DownForHours_ParksNothing()
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        var reads = 0;
        world.Stripe.Intercept = call =>
        {
            Interlocked.Increment(ref reads);
            call.Abort();
            return Task.FromResult(true);
        };
        await FailBeforeAsync(world, ReReadQueue.ParkedAfter - 1);

        await world.StartHostAsync();

        var row = await Eventually.Async(
            world.RowAsync, row => row.ReReadClaimedUntil is null && row.ReReadDueAt > DateTimeOffset.UtcNow, "it is put off");
        Assert.Equal(ReReadQueue.ParkedAfter - 1, row.ReReadAttempts);
        Assert.InRange((row.ReReadDueAt!.Value - DateTimeOffset.UtcNow).TotalMinutes, 5, 15);
        Assert.Equal(3, reads);
    }

    private static async Task FailBeforeAsync(ReadingWorld world, int attempts)
    {
        await using var db = world.World.OpenDb();
        await db.Database.ExecuteSqlAsync(
            $"UPDATE subscriptions SET re_read_due_at = clock_timestamp(), re_read_requests = re_read_requests + 1, re_read_attempts = {attempts}");
    }

    private static async Task<int> DueAsync(ReadingWorld world)
    {
        await using var db = world.World.OpenDb();
        return await db.Subscriptions.CountAsync(s => s.ReReadDueAt != null);
    }

    /// <summary>What the meter counts meanwhile, in whichever test.</summary>
    private sealed class Outcomes : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Outcomes()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Billing", Name: "billing.rereads" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Seen.Enqueue(($"{tags[0].Value}", $"{tags[1].Value}")));
            _listener.Start();
        }

        public ConcurrentQueue<(string Queue, string Outcome)> Seen { get; } = new();

        public void Dispose() => _listener.Dispose();
    }
}
