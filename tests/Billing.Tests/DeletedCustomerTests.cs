using System.Text.Json.Nodes;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>Customers that somebody deleted at Stripe: the org gets another one and is not blocked.</summary>
public sealed class DeletedCustomerTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;
    private FaultyStripe _stripe = null!;
    private Uri _host = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await fixture.StartWorldAsync(deliver: false);
        _stripe = await FaultyStripe.StartAsync(_world);
        _host = await _world.StartSecondHostAsync(_stripe.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Fact]
    public async Task Stripe_SlowOnTheSecondTryAfterADeletedCustomer_IsUnavailable()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" }, _host);
        await new Stripe.CustomerService(_world.Stripe).DeleteAsync(await CustomerAsync(org));
        _stripe.Intercept = async call =>
        {
            if (call.Request.Path != "/v1/customers")
            {
                return false;
            }
            await Task.Delay(Timeout.Infinite, call.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        var impatient = await _world.StartSecondHostAsync(new Dictionary<string, string?>(_stripe.Settings) { ["Stripe:Timeout"] = "00:00:01" });

        var answer = await org.CheckoutAsync(new { plan = "team" }, impatient);

        Assert.Equal((503, "UNAVAILABLE"), (answer.Status, answer["error.code"]));
    }

    [Fact]
    public async Task Customer_DeletedAtStripe_GetsANewOne()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        var former = await CustomerAsync(org);
        await new Stripe.CustomerService(_world.Stripe).DeleteAsync(former);
        foreach (var e in (await _world.Events.OfCustomerAsync(former)).Where(e => e["type"]!.ToString() == "customer.subscription.deleted"))
        {
            await _world.Events.DeliverAsync(e);
        }

        var (sessionId, _) = await org.BuyAsync("team");

        Assert.NotEmpty(sessionId);
        Assert.NotEqual(former, await CustomerAsync(org));
    }

    [Fact]
    public async Task Customer_DeletedAtStripe_AndNewsOfItsSubscriptionComesLast_GetsANewOne()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        var former = await CustomerAsync(org);
        await new Stripe.CustomerService(_world.Stripe).DeleteAsync(former);
        var deleted = new JsonObject { ["id"] = former, ["object"] = "customer" };
        await _world.Events.DeliverAsync(EventsByHand.Event("customer.deleted", deleted, _world.Sandbox.Clock.GetUtcNow()));
        var ended = (await _world.Events.OfCustomerAsync(former)).Single(e => e["type"]!.ToString() == "customer.subscription.deleted");
        await _world.Events.DeliverAsync(ended);

        Assert.Equal(400, (await org.CallAsync("/portal", new { })).Status);
        await org.BuyAsync("team");

        Assert.NotEqual(former, await CustomerAsync(org));
    }

    [Fact]
    public async Task Customer_DeletedAtStripeWhileASessionWasOpen_GetsANewOne()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        var customer = await CustomerAsync(org);
        await new Stripe.CustomerService(_world.Stripe).DeleteAsync(customer);
        var deleted = new JsonObject { ["id"] = customer, ["object"] = "customer" };
        await _world.Events.DeliverAsync(EventsByHand.Event("customer.deleted", deleted, _world.Sandbox.Clock.GetUtcNow()));

        var again = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal(200, again.Status);
        Assert.NotNull(await org.PayAsync(again["url"]!));
    }

    private async Task<string> CustomerAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
    }
}
