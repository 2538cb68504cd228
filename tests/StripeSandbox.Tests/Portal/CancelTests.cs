using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Portal;

public sealed class CancelTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Theory]
    [InlineData("flexible", false)]
    [InlineData("classic", true)]
    public async Task Cancel_AtPeriodEnd_SetsTheFlagInClassicModeOnly(string mode, bool flag)
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync(null, ("subscription_data[billing_mode][type]", mode));
        var portal = await api.AtThePortalAsync(subscription);
        var page = await portal.SeeAsync(subscription.At("/cancel"));
        var end = subscription.Item().Number("current_period_end");
        page.Shows(GivenPortal.Day(end));

        await portal.SubmitAsync(page, subscription.At("/cancel"));

        var cancelled = await api.NowAsync(subscription);
        Assert.Equal(end, cancelled.Number("cancel_at"));
        Assert.Equal(flag, cancelled["cancel_at_period_end"]!.GetValue<bool>());
        Assert.Equal("active", cancelled.Text("status"));
        Assert.Equal("cancellation_requested", cancelled["cancellation_details"]!.Text("reason"));
        Assert.NotNull(cancelled["canceled_at"]);
        Assert.Equal("customer.subscription.updated", (await api.EventTypesAsync())[^1]);
        (await portal.SeeAsync()).Shows("Cancels on " + GivenPortal.Day(end));
    }

    [Theory]
    [InlineData("flexible")]
    [InlineData("classic")]
    public async Task Cancel_PeriodEnds_EndsItWithoutAnotherInvoice(string mode)
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync(null, ("subscription_data[billing_mode][type]", mode));
        var portal = await api.AtThePortalAsync(subscription);
        await portal.PostAsync(subscription.At("/cancel"), 303);

        await shared.Sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 2 * 3600);

        Assert.Equal("canceled", (await api.NowAsync(subscription)).Text("status"));
        Assert.Single((await api.GetAsync("/v1/invoices")).Data());
        Assert.Equal("customer.subscription.deleted", (await api.EventTypesAsync())[^1]);
    }

    [Theory]
    [InlineData("flexible")]
    [InlineData("classic")]
    public async Task Renew_ScheduledCancellation_IsUndone(string mode)
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync(null, ("subscription_data[billing_mode][type]", mode));
        var portal = await api.AtThePortalAsync(subscription);
        var before = await portal.SeeAsync(subscription.At("/cancel"));
        await portal.SubmitAsync(before, subscription.At("/cancel"));

        await portal.SubmitAsync(await portal.SeeAsync(), subscription.At("/renew"));

        var renewed = await api.NowAsync(subscription);
        Assert.Null(renewed["cancel_at"]);
        Assert.False(renewed["cancel_at_period_end"]!.GetValue<bool>());
        Assert.Null(renewed["canceled_at"]);
        var events = await api.EventTypesAsync();
        await portal.PostAsync(subscription.At("/renew"), 303);
        Assert.Equal(events, await api.EventTypesAsync());
    }

    [Fact]
    public async Task Cancel_Immediately_EndsItWithTheReasonAndCredit()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var configuration = await api.PortalConfigurationAsync([await api.PriceAsync(5000)], ("features[subscription_cancel][mode]", "immediately"),
            ("features[subscription_cancel][proration_behavior]", "always_invoice"), ("features[subscription_cancel][cancellation_reason][enabled]", "true"),
            ("features[subscription_cancel][cancellation_reason][options][0]", "too_expensive"), ("features[subscription_cancel][cancellation_reason][options][1]", "other"));
        var portal = await api.AtThePortalAsync(subscription, configuration);
        var page = await portal.SeeAsync(subscription.At("/cancel"));
        page.Shows("Too expensive");
        await portal.PostAsync(subscription.At("/cancel"), 400, ("feedback", "unused"));

        await portal.SubmitAsync(page, subscription.At("/cancel"), 303, ("feedback", "too_expensive"), ("comment", "Too dear for us."));

        var ended = await api.NowAsync(subscription);
        Assert.Equal("canceled", ended.Text("status"));
        Assert.Equal("too_expensive", ended["cancellation_details"]!.Text("feedback"));
        Assert.Equal("Too dear for us.", ended["cancellation_details"]!.Text("comment"));
        Assert.InRange((await api.GetAsync($"/v1/customers/{subscription.Text("customer")}")).Number("balance"), -2000, -1990);
        Assert.Equal("customer.subscription.deleted", (await api.EventTypesAsync())[^1]);
        (await portal.SeeAsync()).Shows("There is no subscription.");
        var events = await api.EventTypesAsync();
        await portal.SubmitAsync(page, subscription.At("/cancel"));
        Assert.Equal(events, await api.EventTypesAsync());
    }

    [Fact]
    public async Task Cancel_SentTwentyTimesAtOnce_ChangesOnceAndNotAgainAfterARenewal()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription);
        var page = await portal.SeeAsync(subscription.At("/cancel"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => portal.SubmitAsync(page, subscription.At("/cancel"))));

        Assert.Single(await api.EventTypesAsync(), type => type == "customer.subscription.updated");
        await portal.PostAsync(subscription.At("/renew"), 303);
        // The old form comes too late, and says so.
        (await portal.SubmitAsync(page, subscription.At("/cancel"), 409)).Shows("Something changed since this page was opened");
        Assert.Null((await api.NowAsync(subscription))["cancel_at"]);
    }

    [Fact]
    public async Task Cancel_ReasonNotAskedFor_IsRefused()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription);
        (await portal.SeeAsync(subscription.At("/cancel"))).Hides("Why are you cancelling?");

        await portal.PostAsync(subscription.At("/cancel"), 400, ("feedback", "unused"));

        Assert.Null((await api.NowAsync(subscription))["cancel_at"]);
    }
}
