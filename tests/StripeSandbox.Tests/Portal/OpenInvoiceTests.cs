using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Portal;

public sealed class OpenInvoiceTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task PayNow_AfterANewCard_PaysAndRevivesTheSubscription()
    {
        var api = shared.NewAccount();
        var subscription = await PastDueAsync(api);
        var portal = await api.AtThePortalAsync(subscription);
        var pay = $"/invoices/{subscription.Text("latest_invoice")}/pay";

        var page = await portal.SeeAsync();
        page.Shows("is not paid yet: $20.00, from Visa ending in 0341");
        (await portal.SubmitAsync(page, pay, 402)).Shows("Your card was declined.");
        await portal.PostAsync("/payment-method", 303, PortalBuyer.Card("5555555555554444"));
        Assert.Equal("past_due", (await api.NowAsync(subscription)).Text("status"));
        page = await portal.SeeAsync();
        page.Shows("from Mastercard ending in 4444");
        var before = (await api.EventTypesAsync()).Count(type => type == "charge.succeeded");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => portal.SubmitAsync(page, pay)));

        var invoice = await api.GetAsync($"/v1/invoices/{subscription.Text("latest_invoice")}");
        Assert.Equal("paid", invoice.Text("status"));
        Assert.Equal(2000, invoice.Number("amount_paid"));
        Assert.Equal("active", (await api.NowAsync(subscription)).Text("status"));
        Assert.Equal(before + 1, (await api.EventTypesAsync()).Count(type => type == "charge.succeeded"));
        Assert.Equal(["invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"], (await api.EventTypesAsync())[^3..]);
        (await portal.SeeAsync()).Hides("is not paid yet");
    }

    [Fact]
    public async Task PastDueSubscription_Switch_IsRefused()
    {
        var api = shared.NewAccount();
        var subscription = await PastDueAsync(api);
        var team = await api.PriceAsync(5000);
        var portal = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([team]));

        (await portal.SeeAsync()).Hides("Update plan");
        (await portal.PostAsync(subscription.At("/update"), 409, ("price", team.Id()))).Shows("Pay what is open first.");
    }

    /// <summary>A subscription whose renewal was declined.</summary>
    private async Task<JsonObject> PastDueAsync(Api api)
    {
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription);
        await portal.PostAsync("/payment-method", 303, PortalBuyer.Card("4000000000000341"));
        await shared.Sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 2 * 3600);
        subscription = await api.NowAsync(subscription);
        Assert.Equal("past_due", subscription.Text("status"));
        return subscription;
    }

    [Fact]
    public async Task Invoice_OfTheList_ShowsItsLinesAndWhetherItIsPaid()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync(null, ("discounts[0][coupon]", (await api.PostAsync("/v1/coupons", ("duration", "once"), ("percent_off", "25"))).Id()));
        var portal = await api.AtThePortalAsync(subscription);
        var path = $"/invoices/{subscription.Text("latest_invoice")}";
        Assert.Contains($"href=\"{new Uri(portal.Url).AbsolutePath}{path}\"", (await portal.SeeAsync()).Html, StringComparison.Ordinal);

        var page = await portal.SeeAsync(path);

        page.Shows("1 × Pro (at $20.00 / month) $20.00 Discount -$5.00 Total $15.00");
        page.Shows("Paid Made on");
        page.Hides("Pay $15.00 now");
    }

    [Fact]
    public async Task Invoice_CardThatAsksEachTime_IsPaidOnceTheCustomerConfirms()
    {
        var api = shared.NewAccount();
        var subscription = await api.ChangeCardAsync(await api.SubscriptionAsync(), "pm_card_authenticationRequired");
        await shared.Sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 2 * 3600);
        subscription = await api.NowAsync(subscription);
        var portal = await api.AtThePortalAsync(subscription);
        var path = $"/invoices/{subscription.Text("latest_invoice")}";
        await portal.SeeAsync();

        Assert.EndsWith($"{path}/authenticate", (await portal.PostAsync($"{path}/pay", 303)).Location, StringComparison.Ordinal);
        (await portal.SeeAsync($"{path}/authenticate")).Shows("a payment of $20.00");
        (await portal.PostAsync($"{path}/authenticate", 402, ("outcome", "fail"))).Shows("We are unable to authenticate your payment method.");
        Assert.Equal("past_due", (await api.NowAsync(subscription)).Text("status"));
        await portal.PostAsync($"{path}/authenticate", 303, ("outcome", "complete"));
        await portal.PostAsync($"{path}/authenticate", 303, ("outcome", "complete"));

        (await portal.SeeAsync()).Shows("is paid.");
        Assert.Equal("active", (await api.NowAsync(subscription)).Text("status"));
        Assert.Equal(2, (await api.GetAsync("/v1/charges")).Data().Count(charge => charge.Text("status") == "succeeded"));
    }
}
