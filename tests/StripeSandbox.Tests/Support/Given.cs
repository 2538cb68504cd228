using System.Globalization;
using System.Text.Json.Nodes;

namespace StripeSandbox.Tests.Support;

/// <summary>What tests start from: prices, sessions, a buyer at the page, a subscription.</summary>
internal static class Given
{
    public const string GoodCard = "4242424242424242";

    public static async Task<JsonObject> PriceAsync(this Api api, long amount = 2000, string? interval = "month", string? product = null, string? lookupKey = null)
    {
        product ??= (await api.PostAsync("/v1/products", ("name", "Pro"))).Id();
        List<(string, string)> form = [("currency", "usd"), ("unit_amount", amount.ToString(CultureInfo.InvariantCulture)), ("product", product)];
        if (interval is not null)
        {
            form.Add(("recurring[interval]", interval));
        }

        if (lookupKey is not null)
        {
            form.Add(("lookup_key", lookupKey));
        }

        return await api.PostAsync("/v1/prices", [.. form]);
    }

    public static async Task<JsonObject> SessionAsync(this Api api, string mode = "subscription", JsonObject? price = null, params (string, string)[] more)
    {
        price ??= await api.PriceAsync(interval: mode == "subscription" ? "month" : null);
        return await api.PostAsync("/v1/checkout/sessions", [("mode", mode), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", "1"),
            ("success_url", "http://shop.test/thanks?session_id={CHECKOUT_SESSION_ID}"), .. more]);
    }

    public static readonly (string Name, string Value)[] GoodAccount = [("routing_number", "110000000"), ("account_number", "000123456789")];

    public static readonly (string Name, string Value)[] FailingAccount = [("routing_number", "110000000"), ("account_number", "000111111116")];

    /// <summary>One plain POST of the page's form, as curl would send it.</summary>
    public static Task<HttpResponseMessage> PayAsync(this Api api, JsonObject session, string card = GoodCard, params (string Name, string Value)[] more) =>
        api.SubmitAsync(session, [("card_number", card), ("exp", "12/60"), ("cvc", card.StartsWith('3') ? "1234" : "123"), .. more]);

    public static async Task<HttpResponseMessage> SubmitAsync(this Api api, JsonObject session, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        return await api.Http.PostAsync(session.Text("url"), content, TestContext.Current.CancellationToken);
    }

    /// <summary>A customer who has just subscribed through Checkout; gives the subscription.</summary>
    public static Task<JsonObject> SubscriptionAsync(this Api api, JsonObject? price = null, params (string, string)[] more) =>
        api.SubscriptionPaidByAsync(GoodCard, price, more);

    public static async Task<JsonObject> SubscriptionPaidByAsync(this Api api, string card, JsonObject? price = null, params (string, string)[] more)
    {
        var customer = await api.PostAsync("/v1/customers", ("email", "buyer@example.com"));
        var session = await api.SessionAsync("subscription", price, [("customer", customer.Id()), .. more]);
        using var paid = await api.PayAsync(session, card);
        Assert.Equal(303, (int)paid.StatusCode);
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
        return await api.GetAsync($"/v1/subscriptions/{session.Text("subscription")}");
    }

    /// <summary>A new card of the subscription's customer, by one of Stripe's test names, that pays the subscription from now on.</summary>
    public static async Task<JsonObject> ChangeCardAsync(this Api api, JsonObject subscription, string name)
    {
        var method = await api.PostAsync($"/v1/payment_methods/{name}/attach", ("customer", subscription.Text("customer")));
        return await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("default_payment_method", method.Id()));
    }

    /// <summary>A session paid by a debit that its bank has not answered yet.</summary>
    public static async Task<JsonObject> DebitedAsync(this Api api, string mode, (string Name, string Value)[] account, JsonObject? price = null)
    {
        var session = await api.SessionAsync(mode, price);
        using var paid = await api.SubmitAsync(session, [.. account, ("email", "buyer@example.com"), ("name", "Jo Buyer")]);
        Assert.Equal(303, (int)paid.StatusCode);
        return await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
    }

    public static Task<JsonObject> AgainAsync(this Api api, JsonObject subscription) => api.GetAsync($"/v1/subscriptions/{subscription.Id()}");

    /// <summary>The invoices of the account's only subscription, oldest first.</summary>
    public static async Task<JsonObject[]> InvoicesAsync(this Api api) => [.. (await api.GetAsync("/v1/invoices?limit=100")).Data().Reverse()];

    public static JsonObject Item(this JsonObject subscription) => subscription["items"]!.Data().Single();
}
