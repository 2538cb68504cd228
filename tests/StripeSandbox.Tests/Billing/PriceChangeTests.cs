using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Billing;

public sealed class PriceChangeTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task PriceChange_SameInterval_LeavesProrationsWaiting()
    {
        var api = shared.NewAccount();
        var (subscription, team) = await SubscribedAsync(api);

        var changed = await ChangeAsync(api, subscription, team, ("proration_date", Middle(subscription)));

        Assert.Equal(team.Id(), changed.Item()["price"]!.Id());
        Assert.Equal(subscription.Item().Number("current_period_end"), changed.Item().Number("current_period_end"));
        Assert.Equal(subscription.Text("latest_invoice"), changed.Text("latest_invoice"));
        var events = await api.EventsAsync();
        Assert.Equal(["invoiceitem.created", "invoiceitem.created", "customer.subscription.updated"], events[^3..].Select(json => json.Text("type")));
        Assert.Equal([-1000L, 2500L], events[^3..^1].Select(json => json["data"]!["object"]!.Number("amount")));
        Assert.Equal(2000, events[^1]["data"]!["previous_attributes"]!["items"]!["data"]!.AsArray().Single()!["price"]!.Number("unit_amount"));
    }

    [Fact]
    public async Task PriceChange_AlwaysInvoice_ChargesTheDifferenceAtOnce()
    {
        var api = shared.NewAccount();
        var (subscription, team) = await SubscribedAsync(api);

        var changed = await ChangeAsync(api, subscription, team, ("proration_date", Middle(subscription)), ("proration_behavior", "always_invoice"));

        var invoice = await api.GetAsync($"/v1/invoices/{changed.Text("latest_invoice")}?expand[]=payments");
        Assert.Equal("subscription_update", invoice.Text("billing_reason"));
        Assert.Equal("paid", invoice.Text("status"));
        Assert.Equal(1500, invoice.Number("amount_paid"));
        Assert.All(invoice["lines"]!.Data(), line => Assert.True(line["parent"]!["subscription_item_details"]!["proration"]!.GetValue<bool>()));
        Assert.Equal(1500, invoice["payments"]!.Data().Single().Number("amount_paid"));
        Assert.Contains("invoice.paid", (await api.EventTypesAsync())[^4..]);
    }

    [Fact]
    public async Task PriceChange_Downgrade_LeavesCreditOnTheCustomerThatTheNextInvoiceUses()
    {
        var api = shared.NewAccount();
        var (subscription, team) = await SubscribedAsync(api, 8000);
        var cheap = await api.PriceAsync(1000);

        var changed = await ChangeAsync(api, subscription, cheap, ("proration_date", Start(subscription)), ("proration_behavior", "always_invoice"));

        var invoice = await api.GetAsync($"/v1/invoices/{changed.Text("latest_invoice")}");
        Assert.Equal(-7000, invoice.Number("total"));
        Assert.Equal(0, invoice.Number("amount_due"));
        Assert.Equal(-7000, invoice.Number("ending_balance"));
        Assert.Equal(-7000, (await api.GetAsync($"/v1/customers/{subscription.Text("customer")}")).Number("balance"));

        changed = await ChangeAsync(api, changed, team, ("proration_date", Start(subscription)), ("proration_behavior", "always_invoice"));
        invoice = await api.GetAsync($"/v1/invoices/{changed.Text("latest_invoice")}");
        Assert.Equal(4000, invoice.Number("total"));
        Assert.Equal(0, invoice.Number("amount_due"));
        Assert.Equal(-3000, (await api.GetAsync($"/v1/customers/{subscription.Text("customer")}")).Number("balance"));
    }

    [Fact]
    public async Task PriceChange_OtherInterval_BeginsANewPeriodAndInvoicesItInFull()
    {
        var api = shared.NewAccount();
        var (subscription, _) = await SubscribedAsync(api);
        var annual = await api.PriceAsync(20000, "year");

        var changed = await ChangeAsync(api, subscription, annual, ("proration_date", Start(subscription)));

        var item = changed.Item();
        Assert.Equal(changed.Number("billing_cycle_anchor"), item.Number("current_period_start"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(item.Number("current_period_start")).AddYears(1).ToUnixTimeSeconds(), item.Number("current_period_end"));
        var invoice = await api.GetAsync($"/v1/invoices/{changed.Text("latest_invoice")}");
        Assert.Equal(18000, invoice.Number("amount_paid"));
        Assert.Equal([true, false], invoice["lines"]!.Data().Select(line => line["parent"]!["subscription_item_details"]!["proration"]!.GetValue<bool>()));
        Assert.Equal(item.Number("current_period_end"), invoice["lines"]!.Data()[1]["period"]!.Number("end"));
    }

    [Fact]
    public async Task PriceChange_WithoutProration_ChangesOnlyTheItem()
    {
        var api = shared.NewAccount();
        var (subscription, team) = await SubscribedAsync(api);

        await ChangeAsync(api, subscription, team, ("proration_behavior", "none"));

        Assert.DoesNotContain("invoiceitem.created", await api.EventTypesAsync());
    }

    [Fact]
    public async Task PriceChange_WithoutTheItemsId_AddsASecondItem()
    {
        var api = shared.NewAccount();
        var (subscription, team) = await SubscribedAsync(api);

        var changed = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("items[0][price]", team.Id()));

        Assert.Equal(2, changed["items"]!.Data().Length);
        var removed = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("items[0][id]", changed["items"]!.Data()[0].Id()), ("items[0][deleted]", "true"));
        Assert.Equal(team.Id(), removed.Item()["price"]!.Id());
        await api.RefusedAsync(400, $"/v1/subscriptions/{subscription.Id()}", ("items[0][id]", removed.Item().Id()), ("items[0][deleted]", "true"));
    }

    [Fact]
    public async Task PriceChange_RefusedPrice_ChangesNothing()
    {
        var api = shared.NewAccount();
        var (subscription, _) = await SubscribedAsync(api);
        var once = await api.PriceAsync(interval: null);

        await api.RefusedAsync(400, $"/v1/subscriptions/{subscription.Id()}", ("metadata[a]", "b"), ("items[0][id]", subscription.Item().Id()), ("items[0][price]", once.Id()));

        Assert.Equal(subscription.ToJsonString(), (await api.GetAsync($"/v1/subscriptions/{subscription.Id()}")).ToJsonString());
    }

    [Fact]
    public async Task Cancellation_WithProrationInvoicedNow_CreditsTheCustomer()
    {
        var api = shared.NewAccount();
        var (subscription, _) = await SubscribedAsync(api);

        await api.DeleteAsync($"/v1/subscriptions/{subscription.Id()}?prorate=true&invoice_now=true");

        var balance = (await api.GetAsync($"/v1/customers/{subscription.Text("customer")}")).Number("balance");
        Assert.InRange(balance, -2000, -1990);
    }

    private static async Task<(JsonObject Subscription, JsonObject Team)> SubscribedAsync(Api api, long amount = 2000)
    {
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(amount));
        return (subscription, await api.PriceAsync(5000));
    }

    private static Task<JsonObject> ChangeAsync(Api api, JsonObject subscription, JsonObject price, params (string, string)[] more) =>
        api.PostAsync($"/v1/subscriptions/{subscription.Id()}", [("items[0][id]", subscription.Item().Id()), ("items[0][price]", price.Id()), .. more]);

    private static string Start(JsonObject subscription) => subscription.Item().Number("current_period_start").ToString(CultureInfo.InvariantCulture);

    private static string Middle(JsonObject subscription) =>
        ((subscription.Item().Number("current_period_start") + subscription.Item().Number("current_period_end")) / 2).ToString(CultureInfo.InvariantCulture);
}
