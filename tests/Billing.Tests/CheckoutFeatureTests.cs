using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>What configuration adds to a payment page.</summary>
public sealed class CheckoutFeatureTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Fact]
    public async Task PromotionCodesAndTax_Configured_AreOnThePageOfAPlan_AndCodesNotOnATopUps()
    {
        var host = await _world.StartSecondHostAsync(new Dictionary<string, string?>
        {
            ["Billing:AllowPromotionCodes"] = "true",
            ["Billing:AutomaticTax"] = "true",
        });
        var org = await TestOrg.CreateAsync(_world);

        var plan = await SessionAsync(await org.CheckoutAsync(new { plan = "pro" }, host));
        var topUp = await SessionAsync(await org.CallAsync("/topup", new { pack = "small" }, host));

        Assert.True((bool)plan["allow_promotion_codes"]!);
        Assert.True((bool)plan["automatic_tax"]!["enabled"]!);
        Assert.Null(topUp["allow_promotion_codes"]);
        Assert.True((bool)topUp["automatic_tax"]!["enabled"]!);
    }

    [Fact]
    public async Task PromotionCodesAndTax_NotConfigured_AreOff()
    {
        var org = await TestOrg.CreateAsync(_world);
        var plan = await SessionAsync(await org.CheckoutAsync(new { plan = "pro" }));
        Assert.Null(plan["allow_promotion_codes"]);
        Assert.False((bool)plan["automatic_tax"]!["enabled"]!);
    }

    [Fact]
    public async Task Price_ConfiguredById_IsSoldAndMapsToItsPlan()
    {
        var price = await new Stripe.PriceService(_world.Stripe).CreateAsync(new Stripe.PriceCreateOptions
        {
            UnitAmount = 4900,
            Currency = "eur",
            ProductData = new Stripe.PriceProductDataOptions { Name = "Studio" },
            Recurring = new Stripe.PriceRecurringOptions { Interval = "month" },
        });
        var host = await _world.StartSecondHostAsync(new Dictionary<string, string?>
        {
            ["Billing:Plans:studio:Rank"] = "2",
            ["Billing:Plans:studio:Monthly:PriceId"] = price.Id,
            ["Billing:Plans:studio:Monthly:Amount"] = "4900",
            ["Billing:Plans:studio:Monthly:Currency"] = "eur",
        });
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.CheckoutAsync(new { plan = "studio" }, host);
        Assert.NotNull(await org.PayAsync(checkout["url"]!));

        Assert.Equal(("true", "studio"), ((await org.ActivateAsync(checkout["session_id"]!, host))["success"], (await org.StatusAsync())["plan"]));
    }

    private Task<System.Text.Json.Nodes.JsonNode> SessionAsync(ApiAnswer checkout) =>
        _world.Events.GetAsync("/v1/checkout/sessions/" + checkout["session_id"]);
}
