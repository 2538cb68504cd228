using System.Text.Json.Nodes;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.AspNetCore.Http;
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
        _world = await fixture.StartWorldAsync(deliver: false);
        _stripe = await FaultyStripe.StartAsync(_world);
        _host = await _world.StartSecondHostAsync(_stripe.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/subscriptions")]
    [InlineData("/v1/checkout/sessions")]
    public async Task Checkout_ThatStripeKeepsWaiting_HoldsNoContextThatOthersNeed(string call)
    {
        var org = await TestOrg.CreateAsync(_world);
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" }, _host)).Status); // has a customer from now on

        Assert.Equal(200, (await LendAllDuringAsync(call, () => org.CheckoutAsync(new { plan = "team" }, _host))).Status);
    }

    [Fact]
    public async Task TopUp_WhileAnEarlierOneIsLookedUp_HoldsNoContextThatOthersNeed()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = await org.CallAsync("/topup", new { pack = "small" }, _host);
        Assert.NotNull(await org.PayFromBankAsync(first["url"]!, "000123456789"));
        Assert.Equal(202, (await org.ActivateAsync(first["session_id"]!, _host)).Status);

        var next = await LendAllDuringAsync("/v1/checkout/sessions/" + first["session_id"], () => org.CallAsync("/topup", new { pack = "small" }, _host));

        Assert.Equal((409, "payment_pending"), (next.Status, next["error.details.reason"]));
    }

    [Fact]
    public async Task EarlierSession_PaidWhileAnotherIsBeingMade_MakesTheOtherAPlanChange()
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
        Assert.Equal("plan_change", second["kind"]);
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
    public async Task FirstCheckout_OfACustomerJustMade_AsksForNothingThatCannotBe()
    {
        var (org, calls) = (await TestOrg.CreateAsync(_world), new List<string>());
        await (await TestOrg.CreateAsync(_world)).CheckoutAsync(new { plan = "pro" }, _host); // the price is known from now on
        _stripe.Intercept = call =>
        {
            calls.Add($"{call.Request.Method} {call.Request.Path}");
            return Task.FromResult(false);
        };

        await org.CheckoutAsync(new { plan = "pro" }, _host);
        Assert.Equal(["POST /v1/customers", "POST /v1/checkout/sessions"], calls);

        await org.CallAsync("/topup", new { pack = "small" }, host: _host);
        Assert.Equal(["GET /v1/checkout/sessions", "POST /v1/checkout/sessions"], calls[2..]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // which FACTS A.3 does not confirm
    public async Task CustomerId_LostInARestore_StripeIsStillAskedForSubscriptions(bool marksReplays)
    {
        if (!marksReplays)
        {
            _stripe.Withheld.Add("Idempotent-Replayed");
        }
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync();
        await using (var db = _world.OpenDb())
        {
            // As the org was before its first checkout.
            await db.Database.ExecuteSqlAsync($"DELETE FROM checkout_sessions");
            await db.Database.ExecuteSqlAsync($"UPDATE orgs SET stripe_customer_id = NULL, customer_generation = 0");
        }

        await _world.Sandbox.AdvanceAsync(marksReplays ? TimeSpan.Zero : TimeSpan.FromMinutes(2), CancellationToken.None);

        Assert.Equal("plan_change", (await org.CheckoutAsync(new { plan = "team" }, _host))["kind"]);
        // And what Stripe was found to have is taken in, although no event told of it.
        await org.EventuallyAsync("plan", "pro");
    }

    [Fact]
    public async Task Session_PaidButItsEventsWereLost_IsFoundOutByTheNextCheckout()
    {
        var org = await TestOrg.CreateAsync(_world);
        var paid = await org.CheckoutAsync(new { plan = "pro" });
        await org.PayAsync(paid["url"]!);
        var customer = await CustomerAsync(org);
        var subscription = (await _world.Events.GetAsync($"/v1/subscriptions?customer={customer}"))["data"]![0]!["id"]!.ToString();
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription);

        // All that our table knows is an open session, which nobody can pay any more. One refusal is in order, not more.
        var answer = await Eventually.Async(() => org.CheckoutAsync(new { plan = "pro" }), a => a.Status == 200, "a payable session is handed out");

        Assert.NotEqual(paid["session_id"], answer["session_id"]);
        Assert.NotNull(await org.PayAsync(answer["url"]!));
    }

    [Theory]
    [InlineData("unpaid")]
    [InlineData("incomplete")]
    [InlineData("paused")]
    public async Task Subscription_WhoseEndWasLost_DoesNotBlockForEver(string status)
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        subscription["status"] = status;
        await _world.Events.DeliverAsync(EventsByHand.Event(
            "customer.subscription.updated", subscription, _world.Sandbox.Clock.GetUtcNow().AddSeconds(1)));
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription["id"]!.ToString());

        await Eventually.Async(() => org.CheckoutAsync(new { plan = "team" }), a => a.Status == 200, "the org can buy again");
    }

    [Fact]
    public async Task OpenPage_OfAnOrgThatGotASubscriptionElsewhere_CannotBePaidAfterTheRefusal()
    {
        var org = await TestOrg.CreateAsync(_world);
        var page = await org.CheckoutAsync(new { plan = "pro" });
        var price = (await new Stripe.PriceService(_world.Stripe).ListAsync(new Stripe.PriceListOptions { LookupKeys = ["pro_monthly"] })).Data.Single();
        var byHand = await new Stripe.Checkout.SessionService(_world.Stripe).CreateAsync(new Stripe.Checkout.SessionCreateOptions
        {
            Mode = "subscription",
            Customer = await CustomerAsync(org),
            SuccessUrl = BillingWorld.AppOrigin,
            LineItems = [new Stripe.Checkout.SessionLineItemOptions { Price = price.Id, Quantity = 1 }],
        });
        await org.PayAsync(byHand.Url!);

        var refused = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal((409, "already_subscribed"), (refused.Status, refused["error.details.reason"]));
        Assert.Null(await org.PayAsync(page["url"]!));
        Assert.Equal(1, await LiveSubscriptionsAsync(await CustomerAsync(org)));
    }

    [Fact]
    public async Task ReReads_OfSeveralSubscriptions_DoNotWaitForARowThatSomebodyElseChanges()
    {
        var org = await TestOrg.CreateAsync(_world);
        await using var other = _world.OpenDb();
        other.Subscriptions.AddRange(new[] { "sub_a", "sub_b" }.Select(id => new Subscription { Id = id, OrgId = org.Id, Status = "active" }));
        await other.SaveChangesAsync();
        await using var transaction = await other.Database.BeginTransactionAsync();
        await other.Database.ExecuteSqlAsync($"UPDATE subscriptions SET plan = 'pro' WHERE id = 'sub_a'");

        await using var db = _world.OpenDb();
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlAsync($"SET lock_timeout = '5s'");
        await db.RequestReReadsAsync(org.Id, CancellationToken.None);

        Assert.Equal(["sub_b"], await db.Subscriptions.Where(s => s.OrgId == org.Id && s.ReReadRequests > 0).Select(s => s.Id).ToListAsync());
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
        // At Stripe a session whose delayed payment failed stays unpaid; only its subscription tells.
        _stripe.Intercept = async call =>
        {
            var id = call.Request.Path.Value!.Split('/')[^1];
            if (call.Request.Method != "GET" || !id.StartsWith("cs_", StringComparison.Ordinal))
            {
                return false;
            }
            var session = await _world.Events.GetAsync($"/v1/checkout/sessions/{id}?expand[]=subscription");
            session["payment_status"] = "unpaid";
            await call.Response.WriteAsync(session.ToJsonString());
            return true;
        };
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" }, _host)).Status);
    }

    [Fact]
    public async Task Subscription_ThatStripeDoesNotHave_DoesNotBlockForEver()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        var invoice = new JsonObject
        {
            ["id"] = "in_1",
            ["object"] = "invoice",
            ["customer"] = await CustomerAsync(org),
            ["lines"] = new JsonObject { ["object"] = "list", ["data"] = new JsonArray() },
            ["parent"] = new JsonObject
            {
                ["type"] = "subscription_details",
                ["subscription_details"] = new JsonObject { ["subscription"] = "sub_gone", ["metadata"] = new JsonObject() },
            },
        };
        await _world.Events.DeliverAsync(EventsByHand.Event("invoice.payment_failed", invoice, _world.Sandbox.Clock.GetUtcNow()));

        await Eventually.Async(() => org.CheckoutAsync(new { plan = "pro" }), a => a.Status == 200, "the org can buy");
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

    [Fact]
    public async Task Price_ReplacedAndArchived_IsLookedForAgainByTheNextTry()
    {
        var first = await TestOrg.CreateAsync(_world);
        Assert.Equal(200, (await first.CheckoutAsync(new { plan = "pro" })).Status);
        var prices = new Stripe.PriceService(_world.Stripe);
        var known = (await prices.ListAsync(new Stripe.PriceListOptions { LookupKeys = ["pro_monthly"] })).Data.Single();
        await prices.CreateAsync(new Stripe.PriceCreateOptions
        {
            LookupKey = "pro_monthly",
            TransferLookupKey = true,
            UnitAmount = known.UnitAmount,
            Currency = known.Currency,
            ProductData = new Stripe.PriceProductDataOptions { Name = "Pro" },
            Recurring = new Stripe.PriceRecurringOptions { Interval = "month" },
        });
        await prices.UpdateAsync(known.Id, new Stripe.PriceUpdateOptions { Active = false });
        var org = await TestOrg.CreateAsync(_world);

        Assert.Equal(502, (await org.CheckoutAsync(new { plan = "pro" })).Status);
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" })).Status);
    }

    /// <summary>Lends all contexts that there are while a purchase waits for Stripe: a Stripe that hangs would else take them from every other call.</summary>
    private async Task<ApiAnswer> LendAllDuringAsync(string call, Func<Task<ApiAnswer>> purchase)
    {
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _stripe.Intercept = async request =>
        {
            if (request.Request.Path == call)
            {
                asked.TrySetResult();
                await goOn.Task;
            }
            return false;
        };
        var answer = purchase();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10)); // less than Stripe's calls have
        var contexts = new List<BillingDb>();
        try
        {
            await asked.Task.WaitAsync(patience.Token);
            while (contexts.Count < BillingDatabase.Most)
            {
                contexts.Add(await _world.Service<IDbContextFactory<BillingDb>>(_host).CreateDbContextAsync(patience.Token));
            }
        }
        finally
        {
            contexts.ForEach(context => context.Dispose());
            goOn.SetResult();
        }
        return await answer;
    }

    private async Task<string> CustomerAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
    }

    private async Task<int> LiveSubscriptionsAsync(string customer) =>
        (await _world.Events.GetAsync($"/v1/subscriptions?customer={customer}"))["data"]!.AsArray().Count;
}
