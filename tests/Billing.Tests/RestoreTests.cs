using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>The database was set back while Stripe went on: what it lost comes back, or at least sells nothing twice (docs/restore.md).</summary>
public sealed class RestoreTests(BillingFixture fixture) : IAsyncLifetime
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
    [InlineData("activation")]
    [InlineData("subscription")]
    [InlineData("claims")]
    public async Task Customer_Lost_ComesBackWithTheNextThingThatIsTheOrgs(string how)
    {
        var org = await TestOrg.CreateAsync(_world);
        var (session, _) = await org.BuyAsync();
        var customer = await CustomerAsync(org);
        var events = await _world.Events.OfCustomerAsync(customer!);
        if (how == "subscription")
        {
            await org.ActivateAsync(session);
        }
        await LoseCustomerAsync(org);

        if (how == "activation")
        {
            await org.ActivateAsync(session);
        }
        else
        {
            await _world.Events.DeliverAsync(events.Last(e => e["type"]!.ToString() == "customer.subscription.created"));
        }

        Assert.Equal(customer, await CustomerAsync(org));
        Assert.Equal(200, (await org.CallAsync("/portal", new { })).Status);
        // Even when Stripe has forgotten under which key the customer was made.
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromHours(25), CancellationToken.None);
        Assert.Equal("plan_change", (await org.CheckoutAsync(new { plan = "team" }))["kind"]);
    }

    [Fact]
    public async Task Customer_LostAndAnotherOrgHasIt_StaysThere_AndThePurchaseIsBookedAllTheSame()
    {
        var (org, other) = (await TestOrg.CreateAsync(_world), await TestOrg.CreateAsync(_world));
        var (session, _) = await org.BuyAsync();
        var customer = await CustomerAsync(org);
        await LoseCustomerAsync(org);
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE orgs SET stripe_customer_id = {customer} WHERE id = {other.Id}");

        var activated = await org.ActivateAsync(session);

        Assert.Equal((200, "active", "1000"), (activated.Status, activated["state"], activated["credits"]));
        Assert.Equal((null, customer), (await CustomerAsync(org), await CustomerAsync(other)));
    }

    [Fact]
    public async Task OpenPage_WhoseRowWasLost_CannotBePaidBesideTheNext()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (plan, credits) = (await org.CheckoutAsync(new { plan = "pro" }), await org.CallAsync("/topup", new { pack = "small" }));
        var byHand = await SellByHandAsync(org);
        await LoseSessionsAsync(org);

        var nextPlan = await org.CheckoutAsync(new { plan = "team" });
        Assert.NotNull(await org.PayAsync(credits["url"]!)); // another kind, and in nobody's way
        var nextCredits = await org.CallAsync("/topup", new { pack = "medium" });

        Assert.Null(await org.PayAsync(plan["url"]!));
        Assert.NotNull(await org.PayAsync(nextPlan["url"]!));
        Assert.NotNull(await org.PayAsync(nextCredits["url"]!));
        Assert.NotNull(await org.PayAsync(byHand)); // nothing that we sold
    }

    [Fact]
    public async Task OpenPage_WhoseRowWasLost_AndPaidJustNow_IsTakenIn()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (plan, credits) = (await org.CheckoutAsync(new { plan = "pro" }), await org.CallAsync("/topup", new { pack = "small" }));
        await LoseSessionsAsync(org);
        var pages = new Dictionary<string, string> { [plan["session_id"]!] = plan["url"]!, [credits["session_id"]!] = credits["url"]! };
        _stripe.Intercept = async call =>
        {
            if (call.Request.Path.Value!.EndsWith("/expire", StringComparison.Ordinal) && pages.Remove(call.Request.Path.Value.Split('/')[^2], out var url))
            {
                await org.PayAsync(url);
            }
            return false;
        };

        Assert.Equal("already_subscribed", (await org.CheckoutAsync(new { plan = "team" }, _host))["error.details.reason"]);
        Assert.Equal(200, (await org.CallAsync("/topup", new { pack = "medium" }, _host)).Status);

        Assert.Empty(pages);
        await org.EventuallyAsync("plan", "pro");
        Assert.Equal("500", (await org.CreditsAsync())["topup_credits"]);
    }

    [Fact]
    public async Task CustomerKey_StaysWhenTheSigningKeyIsRotated_AndIsAnotherInAnotherInstallation()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        var customer = await CustomerAsync(org);
        await LoseCustomerAsync(org);
        var settings = TestConfiguration.Create("", _world.Sandbox.Url, "");
        var rotated = await _world.StartSecondHostAsync(new Dictionary<string, string?>
        {
            ["Billing:SigningKeys:0:Id"] = "k2",
            ["Billing:SigningKeys:0:Secret"] = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()),
            ["Billing:SigningKeys:1:Id"] = settings["Billing:SigningKeys:0:Id"],
            ["Billing:SigningKeys:1:Secret"] = settings["Billing:SigningKeys:0:Secret"],
        });

        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "team" }, rotated)).Status);
        Assert.Equal(customer, await CustomerAsync(org));

        await LoseCustomerAsync(org);
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE orgs SET created_at = created_at + interval '1 second' WHERE id = {org.Id}");
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "team" })).Status);
        Assert.NotEqual(customer, await CustomerAsync(org));
    }

    private async Task<string> SellByHandAsync(TestOrg org)
    {
        var made = await new Stripe.Checkout.SessionService(_world.Stripe).CreateAsync(new Stripe.Checkout.SessionCreateOptions
        {
            Mode = "payment",
            Customer = (await CustomerAsync(org))!,
            SuccessUrl = BillingWorld.AppOrigin,
            LineItems = [new() { Quantity = 1, PriceData = new() { Currency = "usd", UnitAmount = 100, ProductData = new() { Name = "a mug" } } }],
        });
        return made.Url!;
    }

    private async Task LoseCustomerAsync(TestOrg org)
    {
        await LoseSessionsAsync(org);
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE orgs SET stripe_customer_id = NULL WHERE id = {org.Id}");
    }

    private async Task LoseSessionsAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"DELETE FROM checkout_sessions WHERE org_id = {org.Id}");
    }

    private async Task<string?> CustomerAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).StripeCustomerId;
    }
}
