using System.Collections.Concurrent;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Tests.World;
using StripeSandbox.Faults;

namespace Billing.Tests.ReReads;

/// <summary>What is marked is read from Stripe once for all marks, by one host, org by org, and no mark is lost (DESIGN rules 3 and 10).</summary>
public sealed class ReReadTests(BillingFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Marks_WhileARead_IsUnderWay_AreOneMoreRead()
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        var (reads, begun, goOn) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        world.Stripe.Intercept = async call =>
        {
            if (ReadingWorld.IsRead(call))
            {
                Interlocked.Increment(ref reads);
                begun.TrySetResult();
                await goOn.Task;
            }
            return false;
        };
        var host = await world.StartHostAsync();

        await world.MarkAsync(host);
        await begun.Task.WaitAsync(Patience);
        for (var i = 0; i < 4; i++)
        {
            await world.MarkAsync(host);
        }
        goOn.SetResult();

        await world.NoneIsDueAsync();
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task Hosts_TwoOfThem_ReadEachMarkOnce_AndOneOfAnOrgAtATime_WithoutMakingOthersWait()
    {
        const int orgs = 3;
        await using var world = await ReadingWorld.StartAsync(fixture);
        var (underWay, order) = (new ConcurrentDictionary<string, int>(), new ConcurrentQueue<string>());
        var (all, together) = (new TaskCompletionSource(), new ConcurrentQueue<int>());
        world.Stripe.Intercept = async call =>
        {
            if (!ReadingWorld.IsRead(call))
            {
                return false;
            }
            var id = ReadingWorld.ReadId(call);
            var org = id[..id.LastIndexOf('_')];
            together.Enqueue(underWay.AddOrUpdate(org, 1, (_, count) => count + 1));
            order.Enqueue(id);
            if (order.Count == orgs)
            {
                all.TrySetResult();
            }
            await all.Task.WaitAsync(Patience); // the first of every org are read side by side, or this is never over
            underWay.AddOrUpdate(org, 0, (_, count) => count - 1);
            return await world.AnswerAsync(call);
        };
        await world.AddDueAsync(orgs, ofEach: 4);

        await Task.WhenAll(world.StartHostAsync(), world.StartHostAsync());

        await world.NoneIsDueAsync();
        Assert.Equal(order.Distinct().Order(), order.Order());
        Assert.Equal(orgs * 4, order.Count);
        Assert.All(together, count => Assert.Equal(1, count));
        foreach (var ofOrg in order.GroupBy(id => id[..id.LastIndexOf('_')]))
        {
            Assert.Equal(ofOrg.Order(), ofOrg); // as they were marked
        }
    }

    [Fact]
    public async Task Slot_ThatIsFree_IsFilledAtOnce_WhateverTheOthersWaitFor()
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        var (others, silence) = (0, new TaskCompletionSource());
        world.Stripe.Intercept = async call =>
        {
            if (!ReadingWorld.IsRead(call))
            {
                return false;
            }
            if (ReadingWorld.ReadId(call) == "sub_0_0")
            {
                await silence.Task;
            }
            else if (Interlocked.Increment(ref others) == 19)
            {
                silence.SetResult(); // two and a half times as many as there are slots
            }
            return await world.AnswerAsync(call);
        };
        await world.AddDueAsync(orgs: 20, ofEach: 1);
        await world.StartHostAsync();

        await silence.Task.WaitAsync(Patience);
        await world.NoneIsDueAsync();
    }

    [Fact]
    public async Task Host_ThatStops_GivesItsReadBack()
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        var begun = new TaskCompletionSource();
        world.Stripe.Intercept = async call =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, call.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        await world.MarkAsync(await world.StartHostAsync());
        await begun.Task.WaitAsync(Patience);

        await world.World.StopHostsAsync();

        var row = await world.RowAsync();
        Assert.Equal((null, 0), (row.ReReadClaimedUntil, row.ReReadAttempts));
        Assert.True(row.ReReadDueAt < DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData(CallFaultKind.RateLimit)]
    [InlineData(CallFaultKind.LockTimeout)]
    public async Task Stripe_RefusesAsTooMany_TheReadIsLaterAndNotLost(CallFaultKind kind)
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        var fault = world.World.Sandbox.Faults.Add(new CallFault(kind) { Operation = "GET /v1/subscriptions/{id}", Count = 2 });
        var before = (await world.RowAsync()).ReadAt;

        await world.MarkAsync(await world.StartHostAsync());

        await world.NoneIsDueAsync();
        Assert.Equal(2, fault.Struck);
        Assert.True((await world.RowAsync()).ReadAt > before);
    }

    [Fact]
    public void Mark_OfARowThatIsDueAlready_KeepsItsPlaceInTheQueue()
    {
        var row = new Subscription { Id = "sub_1", OrgId = "org" };
        row.RequestReRead();
        var first = row.ReReadDueAt;
        row.RequestReRead();
        Assert.Equal((first, 2), (row.ReReadDueAt, row.ReReadRequests));

        row.ReReadDueAt = DateTimeOffset.UtcNow.AddHours(6);
        row.ReReadAttempts = 12;
        row.RequestReRead();
        Assert.True(row.ReReadDueAt < DateTimeOffset.UtcNow);
        Assert.Equal(0, row.ReReadAttempts);
    }
}
