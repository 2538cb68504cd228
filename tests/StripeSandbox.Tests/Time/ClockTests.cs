using System.Globalization;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Time;

public sealed class ClockTests
{
    [Fact]
    public async Task Session_ClockPassesItsExpiry_Expires()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.SessionAsync();

        await sandbox.AdvanceAsync(TimeSpan.FromHours(25));

        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
        Assert.Equal("expired", session.Text("status"));
        Assert.Null(session["url"]);
        var expired = (await api.EventsAsync())[^1];
        Assert.Equal("checkout.session.expired", expired.Text("type"));
        Assert.InRange(expired.Number("created") - session.Number("expires_at"), 0, 5);
        Assert.Null(expired["request"]!["id"]);
    }

    [Fact]
    public async Task Subscription_ClockPassesItsScheduledEnd_IsCanceledThen()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var scheduled = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("cancel_at_period_end", "true"));
        await sandbox.AdvanceToAsync(scheduled.Number("cancel_at") - 60);
        Assert.Equal("active", (await api.GetAsync($"/v1/subscriptions/{subscription.Id()}")).Text("status"));

        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));

        var ended = await api.GetAsync($"/v1/subscriptions/{subscription.Id()}");
        Assert.Equal("canceled", ended.Text("status"));
        Assert.InRange(ended.Number("ended_at") - scheduled.Number("cancel_at"), 0, 5);
        Assert.Equal(scheduled.Number("canceled_at"), ended.Number("canceled_at"));
        Assert.Equal("customer.subscription.deleted", (await api.EventTypesAsync())[^1]);
    }

    [Fact]
    public async Task Advance_OverSeveralInstants_DeliversEachAtItsOwnTime()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        // What a service that shares the clock would see as the age of the signature.
        List<long> ages = [];
        receiver.Answering = received =>
        {
            lock (ages)
            {
                ages.Add(sandbox.Now - received.SignedAt);
            }

            return Task.FromResult(200);
        };
        var api = sandbox.NewAccount();
        await receiver.RegisterAsync(api, "checkout.session.expired");
        var price = await api.PriceAsync();
        List<long> due = [];
        foreach (var minutes in (int[])[300, 60, 1200])
        {
            due.Add(sandbox.Now + minutes * 60);
            await api.SessionAsync("subscription", price, ("expires_at", due[^1].ToString(CultureInfo.InvariantCulture)));
        }

        await sandbox.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal(3, receiver.Received.Count);
        Assert.All(receiver.Received.Zip(due.Order()), pair => Assert.InRange(pair.First.SignedAt - pair.Second, 0, 30));
        Assert.All(ages, age => Assert.InRange(age, 0, 30));
        Assert.True(sandbox.Now >= due.Max() + 86400);
    }

    [Fact]
    public async Task Session_ClockFlowsPastItsExpiry_ExpiresByItself()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.SessionAsync();
        await sandbox.AdvanceToAsync(session.Number("expires_at") - 1);

        await Eventually.HoldsAsync(async () => (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("status") == "expired", "the session expired");
    }

    [Fact]
    public async Task Timer_OfTheClock_FiresWhenTheClockIsAdvancedOverIt()
    {
        await using var sandbox = await TestSandbox.StartAsync(options => options.StartTime = new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero).AddYears(10));
        Assert.Equal(2036, sandbox.Host.Clock.GetUtcNow().Year);
        var wait = Task.Delay(TimeSpan.FromDays(40), sandbox.Host.Clock, TestContext.Current.CancellationToken);
        using var ticking = new PeriodicTimer(TimeSpan.FromDays(1), sandbox.Host.Clock);
        var tick = ticking.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask();

        await sandbox.AdvanceAsync(TimeSpan.FromDays(39));
        await tick;
        Assert.False(wait.IsCompleted);

        await sandbox.AdvanceAsync(TimeSpan.FromDays(2));
        await wait;
    }

    [Fact]
    public async Task Clock_AdvancedToThePast_StaysWhereItIs()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var before = sandbox.Now;
        await sandbox.AdvanceToAsync(before - 1000);

        Assert.True(sandbox.Now >= before);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => sandbox.AdvanceAsync(TimeSpan.FromSeconds(-1)));
    }
}
