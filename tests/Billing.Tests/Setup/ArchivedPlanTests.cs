using System.Globalization;
using Billing.Catalog;
using Billing.Setup;
using Billing.Tests.World;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Billing.Tests.Setup;

/// <summary>A price that is sold no more goes on to bring its plan and credits to those who pay it, and can be left for another.</summary>
public sealed class ArchivedPlanTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("pro:Monthly:Amount=3900")]
    [InlineData("pro:Monthly")]
    public async Task Subscriber_OfAnArchivedPrice_IsRenewed_AndCanChangeToAnotherPlan(string edit)
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync();
        await org.EventuallyAsync("plan", "pro");
        var prices = new Stripe.PriceService(_world.Stripe);
        var paid = (await prices.ListAsync(new Stripe.PriceListOptions { LookupKeys = ["pro_monthly"] })).Data.Single();

        await SetUpAsync(edit);
        Assert.False((await prices.GetAsync(paid.Id)).Active);

        var end = DateTimeOffset.Parse((await org.StatusAsync())["current_period_end"]!, CultureInfo.InvariantCulture);
        await _world.Sandbox.AdvanceAsync(end.AddHours(2), CancellationToken.None);
        await org.EventuallyAsync("current_period_end", end.AddMonths(1).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Assert.Equal(("pro", "1000"), ((await org.StatusAsync())["plan"], (await org.CreditsAsync())["plan_credits"]));

        var change = await org.CheckoutAsync(new { plan = "team" });
        Assert.Equal((200, "plan_change"), (change.Status, change["kind"]));
    }

    private async Task SetUpAsync(string edit)
    {
        var settings = TestConfiguration.Create("", _world.Sandbox.Url, "");
        AccountSetupTests.Edit(settings, [edit]);
        var options = new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(BillingOptions.Section).Get<BillingOptions>()!;
        var setup = new AccountSetup(_world.Stripe, new PlanCatalog(Options.Create(options)));
        await setup.ApplyAsync(
            await setup.PlanAsync(new SetupScope(), CancellationToken.None), _ => Task.CompletedTask, _ => Task.CompletedTask, CancellationToken.None);
    }
}
