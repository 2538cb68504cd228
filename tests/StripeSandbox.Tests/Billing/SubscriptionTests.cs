using System.Globalization;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Billing;

public sealed class SubscriptionTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Subscription_CancelledAtPeriodEnd_StaysActiveAndNamesTheInstant()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();

        var scheduled = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("cancel_at_period_end", "true"));

        Assert.Equal("active", scheduled.Text("status"));
        Assert.Equal(subscription.Item().Number("current_period_end"), scheduled.Number("cancel_at"));
        Assert.NotNull(scheduled["canceled_at"]);
        Assert.Equal("cancellation_requested", scheduled["cancellation_details"]!.Text("reason"));
        var updated = (await api.EventsAsync())[^1];
        Assert.Equal("customer.subscription.updated", updated.Text("type"));
        Assert.Equal("""{"cancel_at":null,"cancel_at_period_end":false,"canceled_at":null,"cancellation_details":{"reason":null}}""", updated["data"]!["previous_attributes"]!.ToJsonString());
    }

    [Theory]
    [InlineData("cancel_at_period_end", "false")]
    [InlineData("cancel_at", "")]
    public async Task Subscription_CancellationUndone_IsAsBefore(string name, string value)
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("cancel_at_period_end", "true"));

        var undone = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", (name, value));

        Assert.Equal(subscription.ToJsonString(), undone.ToJsonString());
    }

    [Theory]
    [InlineData("min_period_end")]
    [InlineData("max_period_end")]
    public async Task Subscription_CancelAtWord_BecomesTheInstantWithoutTheFlag(string word)
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();

        var scheduled = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("cancel_at", word));

        Assert.Equal(subscription.Item().Number("current_period_end"), scheduled.Number("cancel_at"));
        Assert.False(scheduled["cancel_at_period_end"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Subscription_CancelAtInThePast_IsRefused()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        await api.RefusedAsync(400, $"/v1/subscriptions/{subscription.Id()}", ("cancel_at", (shared.Sandbox.Now - 60).ToString(CultureInfo.InvariantCulture)));
        var error = (await api.RefusedAsync(400, $"/v1/subscriptions/{subscription.Id()}", ("cancel_at", "min_period_end"), ("cancel_at_period_end", "true"))).Error;
        Assert.Equal("parameters_exclusive", error.Text("code"));
    }

    [Fact]
    public async Task Subscription_Deleted_EndsAtOnceAndIsLeftOutOfLists()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();

        var ended = await api.DeleteAsync($"/v1/subscriptions/{subscription.Id()}?cancellation_details[comment]=too+dear&cancellation_details[feedback]=too_expensive");

        Assert.Equal("canceled", ended.Text("status"));
        Assert.NotNull(ended["ended_at"]);
        Assert.Equal("too dear", ended["cancellation_details"]!.Text("comment"));
        Assert.Equal("customer.subscription.deleted", (await api.EventTypesAsync())[^1]);
        Assert.Empty((await api.GetAsync("/v1/subscriptions")).Data());
        Assert.Single((await api.GetAsync("/v1/subscriptions?status=all")).Data());
        Assert.Single((await api.GetAsync("/v1/subscriptions?status=ended")).Data());
        Assert.Equal(404, (int)(await api.SendAsync(HttpMethod.Delete, $"/v1/subscriptions/{subscription.Id()}")).Status);
        await api.RefusedAsync(400, $"/v1/subscriptions/{subscription.Id()}", ("cancel_at_period_end", "false"));
    }

    [Fact]
    public async Task Subscription_CustomerDeleted_EndsWithIt()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var customer = subscription.Text("customer");

        await api.DeleteAsync($"/v1/customers/{customer}");

        Assert.Equal(["customer.subscription.deleted", "customer.deleted"], (await api.EventTypesAsync())[^2..]);
        Assert.Equal("canceled", (await api.GetAsync($"/v1/subscriptions/{subscription.Id()}")).Text("status"));
        Assert.True((await api.GetAsync($"/v1/customers/{customer}"))["deleted"]!.GetValue<bool>());
        Assert.True((await api.GetAsync($"/v1/subscriptions/{subscription.Id()}?expand[]=customer"))["customer"]!["deleted"]!.GetValue<bool>());
        Assert.Equal("resource_missing", (await api.RefusedAsync(400, "/v1/billing_portal/sessions", ("customer", customer), ("return_url", "http://shop.test"))).Error.Text("code"));
    }

    [Fact]
    public async Task Subscription_Listed_FiltersByCustomerAndPrice()
    {
        var api = shared.NewAccount();
        var price = await api.PriceAsync();
        var mine = await api.SubscriptionAsync(price);
        await api.SubscriptionAsync();

        Assert.Equal(mine.Id(), (await api.GetAsync($"/v1/subscriptions?customer={mine.Text("customer")}&status=active")).Data().Single().Id());
        Assert.Equal(mine.Id(), (await api.GetAsync($"/v1/subscriptions?price={price.Id()}")).Data().Single().Id());
        Assert.Empty((await api.GetAsync("/v1/subscriptions?status=past_due")).Data());
    }
}
