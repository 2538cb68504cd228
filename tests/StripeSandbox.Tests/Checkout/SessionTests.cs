using System.Globalization;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Checkout;

public sealed class SessionTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Session_Created_IsOpenWithItsAmountsAndNothingElseMade()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync("subscription", null, ("locale", "de"), ("allow_promotion_codes", "true"), ("automatic_tax[enabled]", "true"));

        Assert.Matches("^cs_test_[A-Za-z0-9]{58}$", session.Id());
        Assert.Equal("open", session.Text("status"));
        Assert.Equal("unpaid", session.Text("payment_status"));
        Assert.Equal(2000, session.Number("amount_total"));
        Assert.Equal($"{api.Url}c/pay/{session.Id()}", session.Text("url"));
        Assert.Equal(session.Number("created") + 86400, session.Number("expires_at"));
        Assert.Equal("de", session.Text("locale"));
        Assert.True(session["automatic_tax"]!["enabled"]!.GetValue<bool>());
        foreach (var name in (string[])["customer", "subscription", "invoice", "payment_intent"])
        {
            Assert.Null(session[name]);
        }

        Assert.DoesNotContain(session, field => field.Key.StartsWith('_') || field.Key == "line_items");
    }

    [Theory]
    [InlineData("parameter_missing", "mode", "mode", "")]
    [InlineData("parameter_missing", "success_url", "success_url", "")]
    [InlineData("url_invalid", "success_url", "success_url", "shop.test/thanks")]
    [InlineData(null, "mode", "mode", "rent")]
    [InlineData("email_invalid", "customer_email", "customer_email", "nobody")]
    [InlineData("resource_missing", "customer", "customer", "cus_nobody")]
    [InlineData("resource_missing", "line_items[0][price]", "line_items[0][price]", "price_none")]
    [InlineData("parameter_invalid_integer", "line_items[0][quantity]", "line_items[0][quantity]", "one")]
    [InlineData("parameter_invalid_integer", "line_items[0][quantity]", "line_items[0][quantity]", "0")]
    [InlineData("parameter_unknown", "price_id", "price_id", "price_1")]
    [InlineData("parameter_unknown", "line_items[0][amount]", "line_items[0][amount]", "5")]
    [InlineData("parameter_invalid_integer", "subscription_data[trial_period_days]", "subscription_data[trial_period_days]", "0")]
    [InlineData(null, "subscription_data[trial_end]", "subscription_data[trial_end]", "1000")]
    [InlineData(null, "subscription_data[transfer_data]", "subscription_data[transfer_data][destination]", "acct_1")]
    [InlineData(null, "payment_intent_data", "payment_intent_data[description]", "x")]
    public async Task Session_WrongParameter_IsNamed(string? code, string param, string name, string value)
    {
        var api = shared.NewAccount();
        var form = new Dictionary<string, string>
        {
            ["mode"] = "subscription",
            ["line_items[0][price]"] = (await api.PriceAsync()).Id(),
            ["line_items[0][quantity]"] = "1",
            ["success_url"] = "http://shop.test/ok",
        };
        if (value.Length == 0)
        {
            form.Remove(name);
        }
        else
        {
            form[name] = value;
        }

        var error = (await api.RefusedAsync(400, "/v1/checkout/sessions", [.. form.Select(pair => (pair.Key, pair.Value))])).Error;

        Assert.Equal("invalid_request_error", error.Text("type"));
        Assert.Equal(code, error["code"]?.GetValue<string>());
        Assert.Equal(param, error.Text("param"));
    }

    [Theory]
    [InlineData(29 * 60, false)]
    [InlineData(31 * 60, true)]
    [InlineData(24 * 60 * 60 - 60, true)]
    [InlineData(24 * 60 * 60 + 60, false)]
    public async Task Session_ExpiresAt_LiesBetweenHalfAnHourAndADay(int seconds, bool accepted)
    {
        var api = shared.NewAccount();
        var price = await api.PriceAsync();
        var answer = await api.SendAsync(HttpMethod.Post, "/v1/checkout/sessions", [("mode", "subscription"), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", "1"),
            ("success_url", "http://shop.test/ok"), ("expires_at", (shared.Sandbox.Now + seconds).ToString(CultureInfo.InvariantCulture))]);

        Assert.Equal(accepted ? 200 : 400, (int)answer.Status);
    }

    [Fact]
    public async Task Session_CustomerAndCustomerEmail_ExcludeEachOther()
    {
        var api = shared.NewAccount();
        var customer = await api.PostAsync("/v1/customers");
        var error = (await api.RefusedAsync(400, "/v1/checkout/sessions", ("mode", "payment"), ("customer", customer.Id()), ("customer_email", "a@example.com"))).Error;

        Assert.Equal("parameters_exclusive", error.Text("code"));
    }

    [Fact]
    public async Task Session_AmountBelowTheMinimum_IsRefused()
    {
        var api = shared.NewAccount();
        var price = await api.PriceAsync(amount: 49, interval: null);
        var error = (await api.RefusedAsync(400, "/v1/checkout/sessions", ("mode", "payment"), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", "1"), ("success_url", "http://shop.test/ok"))).Error;

        Assert.Equal("amount_too_small", error.Text("code"));
    }

    [Fact]
    public async Task Session_InactivePrice_IsRefused()
    {
        var api = shared.NewAccount();
        var price = await api.PriceAsync();
        await api.PostAsync($"/v1/prices/{price.Id()}", ("active", "false"));

        var error = (await api.RefusedAsync(400, "/v1/checkout/sessions", ("mode", "subscription"), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", "1"), ("success_url", "http://shop.test/ok"))).Error;

        Assert.Contains("inactive", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_ExpiredTwice_RefusesTheSecond()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();

        var expired = await api.PostAsync($"/v1/checkout/sessions/{session.Id()}/expire");
        await api.RefusedAsync(400, $"/v1/checkout/sessions/{session.Id()}/expire");

        Assert.Equal("expired", expired.Text("status"));
        Assert.Null(expired["url"]);
        Assert.Equal("checkout.session.expired", (await api.EventTypesAsync())[^1]);
    }

    [Fact]
    public async Task Session_MetadataUpdated_Merges()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync("subscription", null, ("metadata[a]", "1"), ("metadata[b]", "2"));

        session = await api.PostAsync($"/v1/checkout/sessions/{session.Id()}", ("metadata[a]", ""), ("metadata[c]", "3"));

        Assert.Equal(["b", "c"], session["metadata"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public async Task Session_LineItems_AreListed()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();

        var items = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}/line_items?expand[]=data.price.product");

        Assert.Equal("Pro", items.Data().Single()["price"]!["product"]!.Text("name"));
    }
}
