using StripeSandbox.Faults;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Faults;

public sealed class DeliveryFaultTests
{
    [Fact]
    public async Task Delivery_Duplicated_BringsTheSameEventTwice()
    {
        await using var world = await World.StartAsync();
        world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Duplicate) { Event = "customer.*", Count = 1 });

        await world.Api.PostAsync("/v1/customers");
        await world.Api.PostAsync("/v1/customers");
        Assert.Equal(0, await world.SettleAsync());

        Assert.Equal([1, 2], world.Receiver.Received.GroupBy(received => received.Event.Id()).Select(copies => copies.Count()).Order());
        Assert.All(await world.Api.EventsAsync(), json => Assert.Equal(0, json.Number("pending_webhooks")));
    }

    [Fact]
    public async Task Delivery_DuplicatedWithADelay_ComesAgainThen()
    {
        await using var world = await World.StartAsync();
        world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Duplicate) { Delay = TimeSpan.FromDays(1) });

        await world.Api.PostAsync("/v1/customers");
        Assert.Equal(1, await world.SettleAsync());
        Assert.Single(world.Receiver.Received);
        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(2, world.Receiver.Received.Count);
        Assert.InRange(world.Receiver.Received[1].SignedAt - world.Receiver.Received[0].SignedAt, 86400, 86460);
    }

    [Fact]
    public async Task Delivery_Delayed_ComesWhenTheClockGetsThere()
    {
        await using var world = await World.StartAsync();
        world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Delay) { Event = "customer.created", Delay = TimeSpan.FromHours(2) });

        await world.Api.PostAsync("/v1/customers");
        await world.Api.PostAsync("/v1/products", ("name", "Pro"));
        Assert.Equal(1, await world.SettleAsync());
        Assert.Equal(["product.created"], world.Receiver.Types);
        Assert.Equal(("held", "delay"), await world.StateOfAsync("customer.created"));

        await world.Sandbox.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(["product.created", "customer.created"], world.Receiver.Types);
        Assert.Equal(("succeeded", "delay"), await world.StateOfAsync("customer.created"));
    }

    [Fact]
    public async Task Delivery_Delayed_SurvivesARestart()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sandbox-{Guid.NewGuid():N}.jsonl");
        await using var receiver = await Receiver.StartAsync();
        await using (var sandbox = await TestSandbox.StartAsync(options => options.StateFile = file))
        {
            var api = sandbox.NewAccount();
            await receiver.RegisterAsync(api);
            sandbox.Host.Faults.Add(new DeliveryFault(DeliveryFaultKind.Delay));
            await api.PostAsync("/v1/customers");
        }

        await using (var sandbox = await TestSandbox.StartAsync(options => options.StateFile = file))
        {
            Assert.Empty(sandbox.Host.Faults.All);
            Assert.Equal(1, await sandbox.Host.SettleAsync(TestContext.Current.CancellationToken));
            await sandbox.AdvanceAsync(TimeSpan.FromMinutes(1));
            Assert.Single(receiver.Received);
        }

        File.Delete(file);
        File.Delete(file + ".lock");
    }

    [Fact]
    public async Task Delivery_Dropped_NeverComesAndStaysToBeReconciled()
    {
        await using var world = await World.StartAsync();
        world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Drop) { Event = "customer.created", Count = 1 });

        await world.Api.PostAsync("/v1/customers");
        await world.Api.PostAsync("/v1/customers");
        Assert.Equal(0, await world.SettleAsync());
        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Single(world.Receiver.Received);
        var missed = Assert.Single((await world.Api.GetAsync("/v1/events?delivery_success=false")).Data());
        Assert.Equal(1, missed.Number("pending_webhooks"));
        Assert.Equal(("dropped", "drop"), await world.StateOfAsync("customer.created", missed.Id()));

        await world.Sandbox.ControlAsync($"events/{missed.Id()}/resend");
        await world.SettleAsync();
        Assert.Equal(missed.Id(), world.Receiver.Received[^1].Event.Id());
        Assert.Empty((await world.Api.GetAsync("/v1/events?delivery_success=false")).Data());
    }

    [Fact]
    public async Task Delivery_Reordered_ChangesPlacesWithTheNext()
    {
        await using var world = await World.StartAsync();
        world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Reorder));

        foreach (var name in (string[])["1", "2", "3", "4", "5"])
        {
            await world.Api.PostAsync("/v1/products", ("name", name));
            await Eventually.HoldsAsync(() => world.Receiver.Received.Count >= int.Parse(name) / 2 * 2, "each pair arrived");
        }

        await world.SettleAsync();

        Assert.Equal(["2", "1", "4", "3", "5"], world.Receiver.Received.Select(received => received.Event["data"]!["object"]!.Text("name")));
    }

    [Fact]
    public async Task Delivery_ReorderedWithNothingAfterIt_ComesWithinAMinute()
    {
        await using var world = await World.StartAsync();
        world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Reorder));

        await world.Api.PostAsync("/v1/customers");
        await world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(50));
        Assert.Empty(world.Receiver.Received);
        await world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Single(world.Receiver.Received);
    }

    [Fact]
    public async Task Delivery_ReorderedWithinOnePurchase_ComesAfterWhatFollowsIt()
    {
        await using var world = await World.StartAsync();
        world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Reorder) { Event = "customer.subscription.created" });

        await world.Api.SubscriptionAsync();
        await world.SettleAsync();

        var types = world.Receiver.Types.ToList();
        Assert.True(types.IndexOf("customer.subscription.created") > types.IndexOf("invoice.finalized"));
    }

    [Fact]
    public async Task Delivery_OfAnotherCustomer_IsSpared()
    {
        await using var world = await World.StartAsync();
        var (one, other) = (await world.Api.PostAsync("/v1/customers"), await world.Api.PostAsync("/v1/customers"));
        await world.SettleAsync();
        world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Drop) { Customer = one.Id() });

        await world.Api.PostAsync($"/v1/customers/{one.Id()}", ("name", "dropped"));
        await world.Api.PostAsync("/v1/payment_methods/pm_card_visa/attach", ("customer", one.Id()));
        await world.Api.PostAsync($"/v1/customers/{other.Id()}", ("name", "sent"));
        await world.SettleAsync();

        Assert.Equal("sent", world.Receiver.Received.Skip(2).Single().Event["data"]!["object"]!.Text("name"));
    }

    [Fact]
    public async Task Delivery_WithAProbability_MeetsTheSameFateForTheSameSeed()
    {
        var runs = new List<int[]>();
        for (var run = 0; run < 2; run++)
        {
            await using var world = await World.StartAsync();
            world.Faults.Add(new DeliveryFault(DeliveryFaultKind.Drop) { Probability = 0.5, Seed = 42 });
            for (var i = 0; i < 30; i++)
            {
                await world.Api.PostAsync("/v1/products", ("name", $"{i}"));
            }

            await world.SettleAsync();
            runs.Add([.. world.Receiver.Received.Select(received => int.Parse(received.Event["data"]!["object"]!.Text("name"))).Order()]);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.InRange(runs[0].Length, 5, 25);
    }

    private sealed class World : IAsyncDisposable
    {
        private World(TestSandbox sandbox, Receiver receiver, Api api) => (Sandbox, Receiver, Api) = (sandbox, receiver, api);

        public TestSandbox Sandbox { get; }

        public Receiver Receiver { get; }

        public Api Api { get; }

        public SandboxFaults Faults => Sandbox.Host.Faults;

        public static async Task<World> StartAsync()
        {
            var (sandbox, receiver) = (await TestSandbox.StartAsync(), await Receiver.StartAsync());
            var api = sandbox.NewAccount();
            await receiver.RegisterAsync(api);
            return new World(sandbox, receiver, api);
        }

        public Task<int> SettleAsync() => Sandbox.Host.SettleAsync(TestContext.Current.CancellationToken);

        public async Task<(string State, string? Fault)> StateOfAsync(string type, string? eventId = null)
        {
            var deliveries = (await Sandbox.ControlAsync("deliveries", method: HttpMethod.Get)).Ok().Data();
            var delivery = deliveries.Single(delivery => delivery.Text("type") == type && (eventId is null || delivery.Text("event") == eventId));
            return (delivery.Text("state"), delivery["fault"]?.GetValue<string>());
        }

        public async ValueTask DisposeAsync()
        {
            await Sandbox.DisposeAsync();
            await Receiver.DisposeAsync();
        }
    }
}
