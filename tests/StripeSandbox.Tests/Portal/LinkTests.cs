using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Portal;

/// <summary>How long an address opens, by the sandbox's clock.</summary>
public sealed class LinkTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Link_NotOpenedForFiveMinutes_ExpiresAndChangesNothing()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var (late, timely) = (await api.AtThePortalAsync(subscription), await api.AtThePortalAsync(subscription));
        await shared.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(4));
        await timely.SeeAsync();
        await shared.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));

        (await late.SeeAsync("", 410)).Shows("expired");
        await late.PostAsync(subscription.At("/cancel"), 410);
        await late.PostAsync("/payment-method", 410, PortalBuyer.Card("4000000000000002"));
        await timely.SeeAsync();

        Assert.Null((await api.NowAsync(subscription))["cancel_at"]);
    }

    [Fact]
    public async Task Link_Used_LivesAnHourFromItsLastUse()
    {
        var api = shared.NewAccount();
        var portal = await api.AtThePortalAsync(await api.SubscriptionAsync());
        await portal.SeeAsync();
        for (var use = 0; use < 3; use++)
        {
            await shared.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(59));
            await portal.SeeAsync("/payment-method");
        }

        await shared.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(61));

        await portal.SeeAsync("", 410);
    }

    [Fact]
    public async Task Link_Unknown_IsNotFound()
    {
        var api = shared.NewAccount();
        var nobody = new PortalBuyer(api.Http, $"{api.Url}p/session/test_unknown");

        (await nobody.SeeAsync("", 404)).Shows("does not exist");
        await nobody.PostAsync("/payment-method", 404, PortalBuyer.Card());
    }

    [Fact]
    public async Task Link_OfADeletedCustomer_OpensNothing()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription);
        await api.DeleteAsync($"/v1/customers/{subscription.Text("customer")}");

        await portal.SeeAsync("", 410);
    }

    [Fact]
    public async Task Links_OfOneCustomer_AreLongAndDiffer()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var (one, two) = (await api.AtThePortalAsync(subscription), await api.AtThePortalAsync(subscription));

        Assert.NotEqual(one.Url, two.Url);
        Assert.True(new Uri(one.Url).Segments[^1].Length >= 40);
    }
}
