using Billing.Tests.World;
using StripeSandbox;

namespace Billing.Tests;

public sealed class SetupTests
{
    [Fact]
    public async Task Setup_AfterAnAmountChanged_MakesAnotherPriceUnderTheKey_AndLeavesTheFormerToItsSubscribers()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        var stripe = new Stripe.StripeClient(BillingWorld.StripeKey, apiBase: sandbox.Url.AbsoluteUri.TrimEnd('/'));
        var settings = TestConfiguration.Create("", sandbox.Url, BillingWorld.TestSecret);
        var portal = await SandboxCatalog.CreateAsync(stripe, settings);
        var former = await PriceAsync(stripe);

        settings["Billing:Plans:pro:Monthly:Amount"] = "3900";
        Assert.Equal(portal, await SandboxCatalog.CreateAsync(stripe, settings));
        var present = await PriceAsync(stripe);
        Assert.Equal((3900L, former.ProductId), (present.UnitAmount!.Value, present.ProductId));
        Assert.NotEqual(former.Id, present.Id);
        var kept = await new Stripe.PriceService(stripe).GetAsync(former.Id);
        Assert.Equal((true, 2900L, null), (kept.Active, kept.UnitAmount!.Value, kept.LookupKey));

        await SandboxCatalog.CreateAsync(stripe, settings);
        Assert.Equal(present.Id, (await PriceAsync(stripe)).Id);
        Assert.Equal(5, (await new Stripe.PriceService(stripe).ListAsync(new Stripe.PriceListOptions { Limit = 100 })).Data.Count);
    }

    [Fact]
    public async Task Setup_WhereTheKeyIsOnAnArchivedPrice_TakesItOver()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        var stripe = new Stripe.StripeClient(BillingWorld.StripeKey, apiBase: sandbox.Url.AbsoluteUri.TrimEnd('/'));
        var settings = TestConfiguration.Create("", sandbox.Url, BillingWorld.TestSecret);
        await SandboxCatalog.CreateAsync(stripe, settings);
        var archived = await PriceAsync(stripe);
        await new Stripe.PriceService(stripe).UpdateAsync(archived.Id, new Stripe.PriceUpdateOptions { Active = false });

        await SandboxCatalog.CreateAsync(stripe, settings);

        Assert.NotEqual(archived.Id, (await PriceAsync(stripe)).Id);
    }

    private static async Task<Stripe.Price> PriceAsync(Stripe.IStripeClient stripe) => (await new Stripe.PriceService(stripe).ListAsync(
        new Stripe.PriceListOptions { LookupKeys = ["pro_monthly"], Active = true })).Data.Single();
}
