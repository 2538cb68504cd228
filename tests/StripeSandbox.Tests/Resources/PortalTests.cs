using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Resources;

public sealed class PortalTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Session_WithoutConfiguration_UsesTheDefaultOne()
    {
        var api = shared.NewAccount();
        var customer = await api.PostAsync("/v1/customers");

        var session = await api.PostAsync("/v1/billing_portal/sessions", ("customer", customer.Id()), ("return_url", "http://shop.test/account"));

        Assert.StartsWith($"{api.Url}p/session/", session.Text("url"), StringComparison.Ordinal);
        Assert.True((await api.GetAsync($"/v1/billing_portal/configurations/{session.Text("configuration")}"))["is_default"]!.GetValue<bool>());
        Assert.Equal("billing_portal.session.created", (await api.EventTypesAsync())[^1]);
        await api.PostAsync("/v1/billing_portal/sessions", ("customer", customer.Id()), ("return_url", "http://shop.test/account"));
        Assert.Single((await api.GetAsync("/v1/billing_portal/configurations?is_default=true")).Data());
    }

    [Fact]
    public async Task Configuration_ShowsItsPricesOnlyWhenExpanded()
    {
        var api = shared.NewAccount();
        var offered = await api.PriceAsync(5000);
        var configuration = await ConfigurationAsync(api, offered);
        const string path = "features.subscription_update.products";

        Assert.Null(configuration["features"]!["subscription_update"]!["products"]);
        var listed = (await api.GetAsync($"/v1/billing_portal/configurations?expand[]=data.{path}")).Data().Single();
        Assert.Equal(offered.Id(), listed["features"]!["subscription_update"]!["products"]![0]!["prices"]![0]!.GetValue<string>());
        Assert.Equal(400, (int)(await api.SendAsync(HttpMethod.Get, $"/v1/billing_portal/configurations?expand[]=data.{path}.prices")).Status);
    }

    [Fact]
    public async Task Session_WithoutAnyReturnUrl_IsRefused()
    {
        var api = shared.NewAccount();
        var customer = await api.PostAsync("/v1/customers");
        Assert.Equal("return_url", (await api.RefusedAsync(400, "/v1/billing_portal/sessions", ("customer", customer.Id()))).Error.Text("param"));
    }

    [Fact]
    public async Task Session_ConfirmingAnUpdate_NeedsTheFeatureAndAnOfferedPrice()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var (offered, other) = (await api.PriceAsync(5000), await api.PriceAsync(9000));
        var configuration = await ConfigurationAsync(api, offered);

        await api.RefusedAsync(400, "/v1/billing_portal/sessions", Flow(subscription, offered, null));
        await api.RefusedAsync(400, "/v1/billing_portal/sessions", Flow(subscription, other, configuration));
        var session = await api.PostAsync("/v1/billing_portal/sessions", Flow(subscription, offered, configuration));

        Assert.Equal(offered.Id(), session["flow"]!["subscription_update_confirm"]!["items"]![0]!.Text("price"));
        Assert.Equal("http://shop.test/done", session["flow"]!["after_completion"]!["redirect"]!.Text("return_url"));
    }

    [Fact]
    public async Task Configuration_Updated_MergesFeatures()
    {
        var api = shared.NewAccount();
        var configuration = await ConfigurationAsync(api, await api.PriceAsync());

        var updated = await api.PostAsync($"/v1/billing_portal/configurations/{configuration.Id()}", ("features[subscription_cancel][enabled]", "true"),
            ("features[subscription_cancel][mode]", "immediately"), ("business_profile[headline]", "Plans"), ("active", "false"));

        Assert.Equal("immediately", updated["features"]!["subscription_cancel"]!.Text("mode"));
        Assert.True(updated["features"]!["subscription_update"]!["enabled"]!.GetValue<bool>());
        Assert.False(updated["active"]!.GetValue<bool>());
        Assert.Equal("Plans", updated["business_profile"]!.Text("headline"));
    }

    private static Task<JsonObject> ConfigurationAsync(Api api, JsonObject price) => api.PostAsync("/v1/billing_portal/configurations",
        ("features[subscription_update][enabled]", "true"), ("features[subscription_update][default_allowed_updates][0]", "price"), ("features[subscription_update][proration_behavior]", "always_invoice"),
        ("features[subscription_update][products][0][product]", price.Text("product")), ("features[subscription_update][products][0][prices][0]", price.Id()),
        ("features[subscription_update][schedule_at_period_end][conditions][0][type]", "decreasing_item_amount"), ("features[invoice_history][enabled]", "true"));

    private static (string, string)[] Flow(JsonObject subscription, JsonObject price, JsonObject? configuration)
    {
        List<(string, string)> form = [("customer", subscription.Text("customer")), ("return_url", "http://shop.test"), ("flow_data[type]", "subscription_update_confirm"),
            ("flow_data[subscription_update_confirm][subscription]", subscription.Id()), ("flow_data[subscription_update_confirm][items][0][id]", subscription.Item().Id()),
            ("flow_data[subscription_update_confirm][items][0][price]", price.Id()), ("flow_data[after_completion][type]", "redirect"), ("flow_data[after_completion][redirect][return_url]", "http://shop.test/done")];
        if (configuration is not null)
        {
            form.Add(("configuration", configuration.Id()));
        }

        return [.. form];
    }
}
