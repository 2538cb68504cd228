using System.Text.Json.Nodes;
using StripeSandbox.Tests.Reversals;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests;

/// <summary>
/// Every answer of every test here is held to Stripe's schema when the file is at hand; these tests make sure that
/// this covers each kind of object, and that the checking itself can fail.
/// </summary>
public sealed class SchemaConformanceTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Sandbox_AllItsObjects_AreAsStripeDescribesThem()
    {
        var schema = Required();
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("items[0][id]", subscription.Item().Id()), ("items[0][price]", (await api.PriceAsync(9000, "year")).Id()));
        await api.PostAsync("/v1/billing_portal/sessions", ("customer", subscription.Text("customer")), ("return_url", "http://shop.test"));
        await api.PostAsync("/v1/webhook_endpoints", ("url", "http://127.0.0.1:1/"), ("enabled_events[]", "invoice.paid"));
        foreach (var charge in (JsonObject[])[await api.ChargeAsync("4000000000007726"), await api.ChargeAsync()])
        {
            await api.RefundAsync(charge, ("amount", "100"));
            var dispute = await api.DisputeAsync(charge);
            await api.PostAsync($"/v1/disputes/{dispute.Id()}", ("evidence[customer_name]", "Jo"));
            await api.DecideAsync(dispute, "win");
            await api.GetAsync($"/v1/charges/{charge.Id()}?expand[]=refunds");
        }

        var coupon = await api.PostAsync("/v1/coupons", ("duration", "once"), ("percent_off", "12.5"));
        await api.PostAsync("/v1/promotion_codes", ("promotion[type]", "coupon"), ("promotion[coupon]", coupon.Id()), ("code", "SCHEMA"));
        await api.SubscriptionAsync(null, ("discounts[0][coupon]", coupon.Id()));
        await api.GetAsync("/v1/promotion_codes?code=schema&expand[]=data.promotion.coupon");

        var debited = await api.DebitedAsync("payment", Given.GoodAccount);
        await api.DebitedAsync("subscription", Given.FailingAccount);
        await shared.Sandbox.AdvanceAsync(TimeSpan.FromDays(3));
        debited = await api.GetAsync($"/v1/checkout/sessions/{debited.Id()}?expand[]=payment_intent.latest_charge");
        await api.RefundAsync(debited["payment_intent"]!["latest_charge"]!.AsObject(), ("amount", "100"));
        await api.DisputeAsync(debited["payment_intent"]!["latest_charge"]!.AsObject());

        foreach (var list in (string[])["customers", "products", "prices", "coupons", "promotion_codes", "checkout/sessions", "subscriptions", "invoices", "invoice_payments", "payment_intents", "charges",
            "refunds", "disputes", "payment_methods", "billing_portal/configurations", "webhook_endpoints", "events"])
        {
            var page = await api.GetAsync($"/v1/{list}?limit=100");
            Assert.NotEmpty(page.Data());
            await api.GetAsync($"/v1/{list}/{page.Data()[0].Id()}");
        }
        await api.DeleteAsync($"/v1/coupons/{coupon.Id()}");
        await api.DeleteAsync($"/v1/customers/{subscription.Text("customer")}");
        await api.EventsAsync();

        foreach (var kind in (string[])["customer", "product", "price", "checkout.session", "subscription", "invoice", "invoice_payment", "invoiceitem", "payment_intent", "charge",
            "refund", "dispute", "payment_method", "coupon", "promotion_code", "discount", "billing_portal.configuration", "billing_portal.session", "webhook_endpoint", "event", "list"])
        {
            Assert.True(schema.Checked.ContainsKey(kind), $"No {kind} was held to the schema.");
        }
    }

    [Theory]
    [InlineData("unit_amount_decimal", "2000")]
    [InlineData("product", null)]
    [InlineData("surprise", "\"x\"")]
    [InlineData("type", "\"rented\"")]
    [InlineData("active", null)]
    public async Task Checker_WrongField_IsFound(string name, string? value)
    {
        Required();
        var price = await shared.NewAccount().PriceAsync();
        price[name] = value is null ? null : JsonNode.Parse(value);
        var components = JsonNode.Parse(await File.ReadAllTextAsync(Environment.GetEnvironmentVariable(StripeSchema.Variable)!, TestContext.Current.CancellationToken))!["components"]!["schemas"]!.AsObject();

        Assert.NotEmpty(new SchemaChecker(components).Check(price, components["price"]!));
    }

    private static StripeSchema Required()
    {
        if (StripeSchema.Instance is null)
        {
            Assert.Skip($"Set {StripeSchema.Variable} to the path of Stripe's OpenAPI file (openapi.subset.json) to hold every answer to it.");
        }

        return StripeSchema.Instance!;
    }
}
