using System.Text.Json.Nodes;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.ReReads;

/// <summary>
/// A world of its own in which nothing is delivered by itself, with one subscribed org, and hosts that a test starts when it is ready: they
/// reach Stripe through <see cref="Stripe"/>, which counts and may hold up what they read.
/// </summary>
internal sealed class ReadingWorld : IAsyncDisposable
{
    private ReadingWorld(BillingWorld world, FaultyStripe stripe, TestOrg org, JsonNode subscription) =>
        (World, Stripe, Org, Subscription) = (world, stripe, org, subscription);

    public BillingWorld World { get; }

    public FaultyStripe Stripe { get; }

    public TestOrg Org { get; }

    public JsonNode Subscription { get; }

    public string SubscriptionId => Subscription["id"]!.ToString();

    public static async Task<ReadingWorld> StartAsync(BillingFixture fixture)
    {
        var world = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var subscription = await org.SubscribeByHandAsync();
        await world.StopHostsAsync();
        // No event is of about the same second as a read, which would have to be repeated.
        await world.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        return new ReadingWorld(world, await FaultyStripe.StartAsync(world), org, subscription);
    }

    public Task<Uri> StartHostAsync(params (string Key, string Value)[] settings)
    {
        var all = Stripe.Settings;
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }
        return World.StartSecondHostAsync(all);
    }

    /// <summary>Delivers an event that only marks the subscription, whatever it says.</summary>
    public async Task MarkAsync(Uri host)
    {
        var e = EventsByHand.Event("customer.subscription.updated", Subscription, World.Sandbox.Clock.GetUtcNow().AddSeconds(10));
        e["api_version"] = "2026-09-30.endive";
        Assert.Equal(200, (await World.Events.DeliverAsync(e, host)).Status);
    }

    /// <summary>Marks subscriptions that the hosts are to find, each org's from the first to the last, and the first org's before all others.</summary>
    public async Task AddDueAsync(int orgs, int ofEach)
    {
        await using var db = World.OpenDb();
        for (var org = 0; org < orgs; org++)
        {
            var owner = await TestOrg.CreateAsync(World);
            db.Subscriptions.AddRange(Enumerable.Range(0, ofEach).Select(number => new Subscription
            {
                Id = $"sub_{org}_{number}",
                OrgId = owner.Id,
                ReReadRequests = 1,
                ReReadDueAt = DateTimeOffset.UnixEpoch.AddSeconds((org * ofEach) + number),
            }));
        }
        await db.SaveChangesAsync();
    }

    /// <summary>Answers as if Stripe had the subscription that was asked for.</summary>
    public async Task<bool> AnswerAsync(HttpContext call)
    {
        var made = Subscription.DeepClone();
        made["id"] = ReadId(call);
        call.Response.Headers.Date = World.Sandbox.Clock.GetUtcNow().ToString("R");
        await call.Response.WriteAsJsonAsync(made);
        return true;
    }

    public static bool IsRead(HttpContext call) =>
        HttpMethods.IsGet(call.Request.Method) && call.Request.Path.Value!.StartsWith("/v1/subscriptions/", StringComparison.Ordinal);

    public static string ReadId(HttpContext call) => call.Request.Path.Value!.Split('/')[^1];

    public async Task<Subscription> RowAsync()
    {
        await using var db = World.OpenDb();
        return await db.Subscriptions.AsNoTracking().SingleAsync(s => s.Id == SubscriptionId);
    }

    public Task<int> NoneIsDueAsync() => Eventually.Async(
        async () =>
        {
            await using var db = World.OpenDb();
            return await db.Subscriptions.CountAsync(s => s.ReReadDueAt != null);
        },
        due => due == 0, "no re-read is due any more");

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Stripe.DisposeAsync();
    }
}
