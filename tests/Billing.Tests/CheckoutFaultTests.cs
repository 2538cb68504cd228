using System.Text.Json.Nodes;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>One subscription per org and no org blocked, whatever Stripe answers and whoever pays meanwhile. Each was a defect once.</summary>
public sealed class CheckoutFaultTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;
    private FaultyStripe _stripe = null!;
    private Uri _host = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync(), deliver: false);
        _stripe = await FaultyStripe.StartAsync(_world);
        _host = await _world.StartSecondHostAsync(_stripe.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Fact]
    public async Task EarlierSession_PaidWhileAnotherIsBeingMade_RefusesTheOther()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = await org.CheckoutAsync(new { plan = "pro" }, _host);
        var customer = await CustomerAsync(org);
        var paid = false;
        _stripe.Intercept = async call =>
        {
            if (!paid && call.Request.Path == "/v1/prices")
            {
                paid = true;
                await org.PayAsync(first["url"]!);
                foreach (var e in await _world.Events.OfCustomerAsync(customer))
                {
                    await _world.Events.DeliverAsync(e);
                }
            }
            return false;
        };

        var second = await org.CheckoutAsync(new { plan = "team" }, _host);

        Assert.True(paid);
        Assert.Equal(409, second.Status);
        Assert.Equal(1, await LiveSubscriptionsAsync(customer));
    }

    [Fact]
    public async Task EarlierSession_StripeRefusesToExpireIt_StaysTheOnlyOne()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = await org.CheckoutAsync(new { plan = "pro" }, _host);
        _stripe.Intercept = call => call.Request.Path.Value!.EndsWith("/expire", StringComparison.Ordinal)
            ? FaultyStripe.AnswerAsync(call, 403, "invalid_request_error")
            : Task.FromResult(false);

        Assert.Equal(502, (await org.CheckoutAsync(new { plan = "team" }, _host)).Status);

        await using var db = _world.OpenDb();
        var only = await db.CheckoutSessions.SingleAsync(s => s.OrgId == org.Id);
        Assert.Equal((CheckoutState.Open, first["session_id"]), (only.State, only.SessionId));
    }

    [Fact]
    public async Task CustomerId_LostInARestore_StripeIsStillAskedForSubscriptions()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync();
        await using (var db = _world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM checkout_sessions");
            await db.Database.ExecuteSqlAsync($"UPDATE orgs SET stripe_customer_id = NULL");
        }

        var refused = await org.CheckoutAsync(new { plan = "team" });

        Assert.Equal((409, "already_subscribed"), (refused.Status, refused["error.details.reason"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stripe_ReplaysAnInternalError_TheNextTryUsesAnotherKeyAndFindsWhatWasMade(bool sessionWasMade)
    {
        var org = await TestOrg.CreateAsync(_world);
        string? burnt = null;
        _stripe.Intercept = async call =>
        {
            var key = call.Request.Headers["Idempotency-Key"].ToString();
            if (call.Request.Method != "POST" || call.Request.Path != "/v1/checkout/sessions" || (burnt is not null && burnt != key))
            {
                return false;
            }
            if (burnt is not null)
            {
                call.Response.Headers["Idempotent-Replayed"] = "true";
            }
            else if (sessionWasMade)
            {
                // It is made all the same, and only the answer says otherwise.
                using var sandbox = new HttpClient { BaseAddress = _world.Sandbox.Url };
                sandbox.DefaultRequestHeaders.Authorization = new("Bearer", BillingWorld.StripeKey);
                using var form = new StreamContent(call.Request.Body);
                form.Headers.ContentType = new("application/x-www-form-urlencoded");
                (await sandbox.PostAsync("/v1/checkout/sessions", form)).EnsureSuccessStatusCode();
            }
            burnt = key;
            return await FaultyStripe.AnswerAsync(call, 500, "api_error");
        };

        await org.CheckoutAsync(new { plan = "pro" }, _host);
        var answer = await Eventually.Async(() => org.CheckoutAsync(new { plan = "pro" }, _host), a => a.Status == 200, "a session is handed out");

        var sessions = (await _world.Events.GetAsync($"/v1/checkout/sessions?customer={await CustomerAsync(org)}"))["data"]!.AsArray();
        Assert.Equal(answer["session_id"], Assert.Single(sessions)!["id"]!.ToString());
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

    [Fact]
    public async Task Subscription_OnAPriceThatIsNotOurs_DoesNotBlock()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        var customer = await CustomerAsync(org);
        var price = await new Stripe.PriceService(_world.Stripe).CreateAsync(new Stripe.PriceCreateOptions
        {
            UnitAmount = 100,
            Currency = "usd",
            ProductData = new Stripe.PriceProductDataOptions { Name = "Support contract" },
            Recurring = new Stripe.PriceRecurringOptions { Interval = "month" },
        });
        var support = await new Stripe.Checkout.SessionService(_world.Stripe).CreateAsync(new Stripe.Checkout.SessionCreateOptions
        {
            Mode = "subscription",
            Customer = customer,
            SuccessUrl = BillingWorld.AppOrigin,
            LineItems = [new Stripe.Checkout.SessionLineItemOptions { Price = price.Id, Quantity = 1 }],
        });
        await org.PayAsync(support.Url!);
        foreach (var e in await _world.Events.OfCustomerAsync(customer))
        {
            await _world.Events.DeliverAsync(e);
        }
        await using var db = _world.OpenDb();
        await Eventually.Async(() => db.Subscriptions.AnyAsync(s => s.OrgId == org.Id && s.Status == "active"), read => read, "it was read");

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "team" })).Status);
    }

    [Fact]
    public async Task DelayedPayment_WhoseOutcomeWasLost_DoesNotBlockForEver()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription["id"]!.ToString());
        await using (var db = _world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE subscriptions SET status = 'canceled'");
            await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET payment_status = 'unpaid'");
        }
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" })).Status);
    }

    [Fact]
    public async Task Price_ReplacedWhileASessionWasOpen_StillGivesThePlanThatWasSold()
    {
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.CheckoutAsync(new { plan = "pro" });
        await new Stripe.PriceService(_world.Stripe).CreateAsync(new Stripe.PriceCreateOptions
        {
            LookupKey = "pro_monthly",
            TransferLookupKey = true,
            UnitAmount = 3900,
            Currency = "usd",
            ProductData = new Stripe.PriceProductDataOptions { Name = "Pro" },
            Recurring = new Stripe.PriceRecurringOptions { Interval = "month" },
        });
        await org.PayAsync(checkout["url"]!);
        foreach (var e in await _world.Events.OfCustomerAsync(await CustomerAsync(org)))
        {
            await _world.Events.DeliverAsync(e);
        }

        await org.EventuallyAsync("plan", "pro");
    }

    private async Task<string> CustomerAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
    }

    private async Task<int> LiveSubscriptionsAsync(string customer) =>
        (await _world.Events.GetAsync($"/v1/subscriptions?customer={customer}"))["data"]!.AsArray().Count;
}
