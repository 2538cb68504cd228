using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Portal;

/// <summary>Sessions that lead straight to one task (<c>flow_data</c>).</summary>
public sealed class FlowTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task UpdateConfirm_Redirect_GoesToTheShopOnceDone()
    {
        var api = shared.NewAccount();
        var (subscription, team, configuration) = await SubscribedAsync(api);
        var flow = await api.AtThePortalAsync(subscription, configuration, [.. Confirm(subscription, team), .. Redirect]);

        var page = await flow.SeeAsync();
        page.Shows("Amount due today:");
        Assert.EndsWith("form-action 'self' http://shop.test", page.Policy, StringComparison.Ordinal);
        var done = await flow.SubmitAsync(page, subscription.At("/update"));

        Assert.Equal("http://shop.test/done?a=1", done.Location);
        Assert.Equal(team.Id(), (await api.NowAsync(subscription)).Item()["price"]!.Id());
        var events = await api.EventTypesAsync();
        Assert.Equal("http://shop.test/done?a=1", (await flow.SubmitAsync(page, subscription.At("/update"))).Location);
        (await flow.SeeAsync()).Shows("You're all done");
        Assert.Equal(events, await api.EventTypesAsync());
    }

    [Fact]
    public async Task UpdateConfirm_OtherPriceOrTask_IsRefused()
    {
        var api = shared.NewAccount();
        var (subscription, team, configuration) = await SubscribedAsync(api, 9000);
        var flow = await api.AtThePortalAsync(subscription, configuration, [.. Confirm(subscription, team), .. Redirect]);
        var expanded = await api.GetAsync($"/v1/billing_portal/configurations/{configuration.Id()}?expand[]=features.subscription_update.products");
        var other = expanded["features"]!["subscription_update"]!["products"]!.AsArray().SelectMany(product => product!["prices"]!.AsArray())
            .Select(price => price!.GetValue<string>()).First(price => price != team.Id());
        var before = await api.EventTypesAsync();

        (await flow.PostAsync(subscription.At("/update"), 403, ("price", other))).Shows("another task");
        await flow.PostAsync(subscription.At("/cancel"), 403);
        await flow.PostAsync("/payment-method", 403, PortalBuyer.Card());
        await flow.SeeAsync(subscription.At("/cancel"), 403);

        Assert.Equal(before, await api.EventTypesAsync());
    }

    [Fact]
    public async Task UpdateConfirm_OfASubscriptionAboutToEnd_LeadsOverTheRenewal()
    {
        var api = shared.NewAccount();
        var (subscription, team, configuration) = await SubscribedAsync(api);
        await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("cancel_at_period_end", "true"));
        var flow = await api.AtThePortalAsync(subscription, configuration, [.. Confirm(subscription, team), .. Redirect]);

        await flow.SubmitAsync(await flow.SeeAsync(), subscription.At("/renew"));
        var done = await flow.SubmitAsync(await flow.SeeAsync(), subscription.At("/update"));

        Assert.Equal("http://shop.test/done?a=1", done.Location);
        Assert.Null((await api.NowAsync(subscription))["cancel_at"]);
    }

    [Fact]
    public async Task UpdateConfirm_Downgrade_IsScheduled()
    {
        var api = shared.NewAccount();
        var (subscription, basic, configuration) = await SubscribedAsync(api, 500);
        var flow = await api.AtThePortalAsync(subscription, configuration, [.. Confirm(subscription, basic), .. Redirect]);

        var page = await flow.SeeAsync();
        page.Shows("Takes effect on " + GivenPortal.Day(subscription.Item().Number("current_period_end")));
        await flow.SubmitAsync(page, subscription.At("/update"));

        Assert.NotNull((await api.NowAsync(subscription))["schedule"]);
    }

    [Fact]
    public async Task Update_HostedConfirmation_SaysTheShopsWords()
    {
        var api = shared.NewAccount();
        var (subscription, team, configuration) = await SubscribedAsync(api);
        var flow = await api.AtThePortalAsync(subscription, configuration, ("flow_data[type]", "subscription_update"), ("flow_data[subscription_update][subscription]", subscription.Id()),
            ("flow_data[after_completion][type]", "hosted_confirmation"), ("flow_data[after_completion][hosted_confirmation][custom_message]", "Enjoy Team!"));

        (await flow.SeeAsync()).Shows("Update plan");
        var page = await flow.SeeAsync(subscription.At($"/update?price={team.Id()}"));
        var done = await flow.SubmitAsync(page, subscription.At("/update"));

        Assert.Equal(new Uri(flow.Url).AbsolutePath, done.Location);
        var confirmation = await flow.SeeAsync();
        confirmation.Shows("Enjoy Team!");
        Assert.Contains("http://shop.test/account", confirmation.Html, StringComparison.Ordinal);
        await flow.PostAsync(subscription.At("/cancel"), 403);
    }

    [Fact]
    public async Task Cancel_PortalHomepage_OpensTheOverviewAfterwards()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var flow = await api.AtThePortalAsync(subscription, null, ("flow_data[type]", "subscription_cancel"), ("flow_data[subscription_cancel][subscription]", subscription.Id()));
        await flow.SeeAsync("/payment-method", 403);

        await flow.SubmitAsync(await flow.SeeAsync(), subscription.At("/cancel"));

        (await flow.SeeAsync()).Shows("Cancels on");
        await flow.SeeAsync("/payment-method");
    }

    [Fact]
    public async Task PaymentMethodUpdate_DeclinedThenSaved_GoesToTheShop()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var flow = await api.AtThePortalAsync(subscription, null, [("flow_data[type]", "payment_method_update"), .. Redirect]);

        var declined = await flow.SubmitAsync(await flow.SeeAsync(), "/payment-method", 402, PortalBuyer.Card("4000000000000002"));
        declined.Shows("Your card was declined.");
        var saved = await flow.SubmitAsync(declined, "/payment-method", 303, PortalBuyer.Card("5555555555554444"));

        Assert.Equal("http://shop.test/done?a=1", saved.Location);
    }

    [Fact]
    public async Task Flow_ForAnotherCustomersSubscription_IsNotMade()
    {
        var api = shared.NewAccount();
        var (own, foreign) = (await api.SubscriptionAsync(), await api.SubscriptionAsync());

        var refused = await api.RefusedAsync(400, "/v1/billing_portal/sessions", ("customer", own.Text("customer")), ("return_url", "http://shop.test"),
            ("flow_data[type]", "subscription_cancel"), ("flow_data[subscription_cancel][subscription]", foreign.Id()));

        Assert.Equal("flow_data[subscription_cancel][subscription]", refused.Error.Text("param"));
    }

    private static (string, string)[] Redirect => [("flow_data[after_completion][type]", "redirect"), ("flow_data[after_completion][redirect][return_url]", "http://shop.test/done?a=1")];

    private static (string, string)[] Confirm(JsonObject subscription, JsonObject price) =>
    [
        ("flow_data[type]", "subscription_update_confirm"), ("flow_data[subscription_update_confirm][subscription]", subscription.Id()),
        ("flow_data[subscription_update_confirm][items][0][id]", subscription.Item().Id()), ("flow_data[subscription_update_confirm][items][0][price]", price.Id()),
    ];

    private static async Task<(JsonObject Subscription, JsonObject Price, JsonObject Configuration)> SubscribedAsync(Api api, long amount = 5000)
    {
        var (price, other) = (await api.PriceAsync(amount), await api.PriceAsync(7000));
        return (await api.SubscriptionAsync(), price, await api.PortalConfigurationAsync([price, other]));
    }
}
