using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Portal;

public sealed class CardTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Card_Saved_BecomesTheDefaultOfCustomerAndSubscriptions()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription);

        var saved = await portal.SubmitAsync(await portal.SeeAsync("/payment-method"), "/payment-method", 303, [.. PortalBuyer.Card("5555555555554444"), ("name", "Jo Buyer")]);

        Assert.Equal(new Uri(portal.Url).AbsolutePath, saved.Location);
        var customer = await api.GetAsync($"/v1/customers/{subscription.Text("customer")}?expand[]=invoice_settings.default_payment_method");
        var method = customer["invoice_settings"]!["default_payment_method"]!;
        Assert.Equal("4444", method["card"]!.Text("last4"));
        Assert.Equal("Jo Buyer", method["billing_details"]!.Text("name"));
        Assert.Equal(method.Id(), (await api.NowAsync(subscription)).Text("default_payment_method"));
        Assert.Equal(["payment_method.attached", "customer.updated", "customer.subscription.updated"], (await api.EventTypesAsync())[^3..]);
        Assert.StartsWith("req_", (await api.EventsAsync())[^1]["request"]!.Text("id"), StringComparison.Ordinal);
        (await portal.SeeAsync()).Shows("Mastercard ending in 4444");
    }

    [Theory]
    [InlineData("4000000000000002", "Your card was declined.")]
    [InlineData("4000000000009995", "Your card has insufficient funds.")]
    [InlineData("4242424242424241", "Your card number is incorrect.")]
    public async Task Card_Refused_ShowsWhyAndChangesNothing(string number, string message)
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription);
        var before = await api.EventTypesAsync();

        var refused = await portal.PostAsync("/payment-method", 402, [.. PortalBuyer.Card(number), ("name", "Jo Buyer")]);

        refused.Shows(message);
        Assert.Contains("value=\"Jo Buyer\"", refused.Html, StringComparison.Ordinal);
        Assert.Equal(before, await api.EventTypesAsync());
        await portal.SubmitAsync(refused, "/payment-method", 303, PortalBuyer.Card());
    }

    [Fact]
    public async Task Card_FormSentTwentyTimesAtOnce_IsSavedOnce()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription);
        var page = await portal.SeeAsync("/payment-method");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => portal.SubmitAsync(page, "/payment-method", 303, PortalBuyer.Card("5555555555554444"))));

        // Checkout saved one, the portal another.
        Assert.Equal(2, (await api.GetAsync($"/v1/customers/{subscription.Text("customer")}/payment_methods")).Data().Length);
        // A form from before the change, with another card, is refused.
        await portal.SubmitAsync(page, "/payment-method", 409, PortalBuyer.Card());
    }

    [Fact]
    public async Task Card_AsksForAuthentication_IsSavedOnlyOnceConfirmed()
    {
        const string Confirm = "/payment-method/authenticate";
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription);

        Assert.EndsWith(Confirm, (await portal.PostAsync("/payment-method", 303, PortalBuyer.Card("4000002500003155"))).Location, StringComparison.Ordinal);
        (await portal.SeeAsync(Confirm)).Shows("Visa ending in 3155");
        (await portal.PostAsync(Confirm, 402, ("outcome", "fail"))).Shows("We are unable to authenticate your payment method.");
        await portal.PostAsync(Confirm, 303, ("outcome", "complete"));
        (await portal.SeeAsync()).Shows("Visa ending in 4242");

        await portal.PostAsync("/payment-method", 303, PortalBuyer.Card("4000002500003155"));
        await portal.PostAsync(Confirm, 303, ("outcome", "complete"));
        await portal.PostAsync(Confirm, 303, ("outcome", "complete"));

        var page = await portal.SeeAsync();
        page.Shows("Your new card is saved.");
        page.Shows("Visa ending in 3155");
        (await portal.SeeAsync()).Hides("Your new card is saved.");
        Assert.Equal(2, (await api.EventTypesAsync()).Count(type => type == "payment_method.attached"));
    }
}
