using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Resources;

public sealed class CatalogTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Price_Created_ShowsItsAmountAlsoAsText()
    {
        var price = await shared.NewAccount().PriceAsync(2000, "year");

        Assert.Equal("2000", price.Text("unit_amount_decimal"));
        Assert.Equal("recurring", price.Text("type"));
        Assert.Equal("year", price["recurring"]!.Text("interval"));
    }

    [Fact]
    public async Task LookupKey_Taken_IsRefusedUnlessTransferred()
    {
        var api = shared.NewAccount();
        var old = await api.PriceAsync(lookupKey: "pro_monthly");
        (string, string)[] form = [("currency", "usd"), ("unit_amount", "2500"), ("product", old.Text("product")), ("lookup_key", "pro_monthly"), ("recurring[interval]", "month")];

        Assert.Equal("resource_already_exists", (await api.RefusedAsync(400, "/v1/prices", form)).Error.Text("code"));
        var price = await api.PostAsync("/v1/prices", [.. form, ("transfer_lookup_key", "true")]);

        Assert.Equal(price.Id(), (await api.GetAsync("/v1/prices?lookup_keys[]=pro_monthly&lookup_keys[]=other&active=true")).Data().Single().Id());
        Assert.Null((await api.GetAsync($"/v1/prices/{old.Id()}"))["lookup_key"]);
        var events = await api.EventsAsync();
        Assert.Equal(["price.updated", "price.created"], events[^2..].Select(json => json.Text("type")));
        Assert.Equal("pro_monthly", events[^2]["data"]!["previous_attributes"]!.Text("lookup_key"));
    }

    [Fact]
    public async Task Price_AmountGiven_CannotBeChangedLater()
    {
        var api = shared.NewAccount();
        var price = await api.PriceAsync();

        Assert.Equal("parameter_unknown", (await api.RefusedAsync(400, $"/v1/prices/{price.Id()}", ("unit_amount", "1"))).Error.Text("code"));
    }

    [Theory]
    [InlineData("currency", "", "parameter_missing")]
    [InlineData("currency", "dollars", null)]
    [InlineData("unit_amount", "", "parameter_missing")]
    [InlineData("unit_amount", "-1", "parameter_invalid_integer")]
    [InlineData("recurring[interval]", "hour", null)]
    [InlineData("product", "", "parameter_missing")]
    public async Task Price_WrongParameter_IsRefused(string name, string value, string? code)
    {
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("name", "Pro"));
        var form = new Dictionary<string, string> { ["currency"] = "usd", ["unit_amount"] = "100", ["product"] = product.Id(), ["recurring[interval]"] = "month" };
        if (value.Length == 0)
        {
            form.Remove(name);
        }
        else
        {
            form[name] = value;
        }

        Assert.Equal(code, (await api.RefusedAsync(400, "/v1/prices", [.. form.Select(pair => (pair.Key, pair.Value))])).Error["code"]?.GetValue<string>());
    }

    [Fact]
    public async Task Product_WithItsOwnId_IsTakenOnce()
    {
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("id", "credits"), ("name", "Credits"), ("default_price_data[currency]", "usd"), ("default_price_data[unit_amount]", "900"));

        Assert.Equal("credits", product.Id());
        Assert.NotNull(product["default_price"]);
        Assert.Equal("resource_already_exists", (await api.RefusedAsync(400, "/v1/products", ("id", "credits"), ("name", "Credits"))).Error.Text("code"));
        Assert.Equal(400, (int)(await api.SendAsync(HttpMethod.Delete, "/v1/products/credits")).Status);
    }

    [Fact]
    public async Task Price_DefaultOfItsProduct_CannotBeArchivedUntilAnotherIs()
    {
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("name", "Pro"), ("default_price_data[currency]", "usd"), ("default_price_data[unit_amount]", "900"));
        var price = product.Text("default_price");

        Assert.Contains("default price", (await api.RefusedAsync(400, $"/v1/prices/{price}", ("active", "false"))).Error.Text("message"));
        var other = await api.PostAsync("/v1/prices", ("currency", "usd"), ("unit_amount", "1"), ("product", product.Id()));
        await api.PostAsync($"/v1/products/{product.Id()}", ("default_price", other.Id()));

        Assert.False((await api.PostAsync($"/v1/prices/{price}", ("active", "false")))["active"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Product_WithoutPrices_CanBeDeleted()
    {
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("name", "Pro"));

        Assert.True((await api.DeleteAsync($"/v1/products/{product.Id()}"))["deleted"]!.GetValue<bool>());
        Assert.Equal(404, (int)(await api.SendAsync(HttpMethod.Get, $"/v1/products/{product.Id()}")).Status);
    }

    [Fact]
    public async Task Product_Updated_ReportsFormerValues()
    {
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("name", "Pro"), ("metadata[a]", "1"), ("metadata[b]", "2"));
        await api.PostAsync($"/v1/products/{product.Id()}", ("name", "Pro 2"), ("metadata[a]", "3"), ("metadata[c]", "4"));

        var former = (await api.EventsAsync())[^1]["data"]!["previous_attributes"]!;
        Assert.Equal("Pro", former.Text("name"));
        Assert.Equal("""{"a":"1","c":null}""", former["metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task Customer_Updated_ChangesOnlyWhatIsGiven()
    {
        var api = shared.NewAccount();
        var customer = await api.PostAsync("/v1/customers", ("email", "a@example.com"), ("name", "Jo"), ("address[country]", "DE"));
        var events = await api.EventTypesAsync();
        Assert.Equal(customer.ToJsonString(), (await api.PostAsync($"/v1/customers/{customer.Id()}")).ToJsonString());
        Assert.Equal(events, await api.EventTypesAsync());

        var changed = await api.PostAsync($"/v1/customers/{customer.Id()}", ("name", ""), ("description", "buyer"));

        Assert.Null(changed["name"]);
        Assert.Equal("a@example.com", changed.Text("email"));
        Assert.Equal("DE", changed["address"]!.Text("country"));
    }

    [Fact]
    public async Task PaymentMethods_OfACustomer_AreListed()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var methods = (await api.GetAsync($"/v1/customers/{subscription.Text("customer")}/payment_methods?type=card")).Data();

        Assert.Equal(subscription.Text("default_payment_method"), methods.Single().Id());
        Assert.DoesNotContain("4242424242424242", methods.Single().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvoicePayments_OfAPaymentIntent_NameItsInvoice()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var byInvoice = (await api.GetAsync($"/v1/invoice_payments?invoice={subscription.Text("latest_invoice")}")).Data().Single();

        var byIntent = await api.GetAsync($"/v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]={byInvoice["payment"]!.Text("payment_intent")}");

        Assert.Equal(byInvoice.Id(), byIntent.Data().Single().Id());
        Assert.Equal(byInvoice.Id(), (await api.GetAsync($"/v1/invoice_payments/{byInvoice.Id()}")).Id());
        Assert.Single((await api.GetAsync($"/v1/invoices?subscription={subscription.Id()}&status=paid")).Data());
        Assert.Single((await api.GetAsync($"/v1/invoices/{subscription.Text("latest_invoice")}/lines")).Data());
    }
}
