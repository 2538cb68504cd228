using System.Globalization;
using System.Net;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Billing;

public sealed class TrialTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    private const long Day = 86400;
    private static readonly (string, string) SevenDays = ("subscription_data[trial_period_days]", "7");

    [Fact]
    public async Task Trial_Begun_CostsNothingAndSavesTheCard()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(2900), SevenDays);

        Assert.Equal("trialing", subscription.Text("status"));
        var (start, end) = (subscription.Number("trial_start"), subscription.Number("trial_end"));
        Assert.Equal(7 * Day, end - start);
        Assert.Equal(end, subscription.Number("billing_cycle_anchor"));
        Assert.Equal((start, end), (subscription.Item().Number("current_period_start"), subscription.Item().Number("current_period_end")));
        Assert.Equal(subscription.Text("customer"), (await api.GetAsync($"/v1/payment_methods/{subscription.Text("default_payment_method")}")).Text("customer"));
        var invoice = (await api.InvoicesAsync()).Single();
        Assert.Equal(("subscription_create", "paid", 0L), (invoice.Text("billing_reason"), invoice.Text("status"), invoice.Number("total")));
        var line = invoice["lines"]!.Data().Single();
        Assert.Equal((0L, start, end), (line.Number("amount"), line["period"]!.Number("start"), line["period"]!.Number("end")));
        Assert.Empty((await api.GetAsync("/v1/charges")).Data());
        Assert.Contains("invoice.paid", await api.EventTypesAsync());
    }

    [Fact]
    public async Task Session_WithATrial_OwesNothingTodayAndSaysWhatComes()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync("subscription", await api.PriceAsync(2900), SevenDays);
        Assert.Equal((0L, 0L, "no_payment_required"), (session.Number("amount_subtotal"), session.Number("amount_total"), session.Text("payment_status")));

        var page = WebUtility.HtmlDecode(await api.Http.GetStringAsync(session.Text("url"), TestContext.Current.CancellationToken));

        Assert.Contains("7 days free, then $29.00 per month", page, StringComparison.Ordinal);
        new PortalView(page, null, null).Shows("Total due today $0.00 USD");
        Assert.Contains("name=\"card_number\"", page, StringComparison.Ordinal);
        using var started = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"));
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
        Assert.Equal(("complete", "no_payment_required"), (session.Text("status"), session.Text("payment_status")));
    }

    [Fact]
    public async Task Session_TrialEndWithASetupFee_ChargesOnlyTheFee()
    {
        var api = shared.NewAccount();
        var end = shared.Sandbox.Now + 30 * Day;
        var fee = await api.PriceAsync(500, interval: null);
        var subscription = await api.SubscriptionAsync(null, ("subscription_data[trial_end]", end.ToString(CultureInfo.InvariantCulture)),
            ("line_items[1][price]", fee.Id()), ("line_items[1][quantity]", "1"));

        Assert.Equal(end, subscription.Number("trial_end"));
        Assert.Equal(500, (await api.InvoicesAsync()).Single().Number("amount_paid"));
        Assert.Equal("paid", (await api.GetAsync("/v1/checkout/sessions")).Data().Single().Text("payment_status"));
    }

    [Theory]
    [InlineData("trial_end", 47 * 3600)]
    [InlineData("trial_end", 731 * Day)]
    public async Task Session_TrialEndTooNearOrTooFar_IsRefused(string name, long ahead)
    {
        var api = shared.NewAccount();
        var price = await api.PriceAsync();
        await api.RefusedAsync(400, "/v1/checkout/sessions", ("mode", "subscription"), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", "1"),
            ("success_url", "http://shop.test/ok"), ($"subscription_data[{name}]", (shared.Sandbox.Now + ahead).ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Trial_ClockPassesItsEnd_BecomesActiveAndPaid()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(2900), SevenDays);
        var end = subscription.Number("trial_end");
        var before = (await api.EventTypesAsync()).Length;

        await sandbox.AdvanceToAsync(end - 3 * Day - 60);
        Assert.Equal(before, (await api.EventTypesAsync()).Length);
        await sandbox.AdvanceToAsync(end + 60);

        var active = await api.AgainAsync(subscription);
        Assert.Equal("active", active.Text("status"));
        Assert.Equal(end, active.Item().Number("current_period_start"));
        Assert.Equal("draft", (await api.InvoicesAsync())[^1].Text("status"));
        await sandbox.AdvanceToAsync(end + 3660);
        var events = (await api.EventsAsync())[before..];
        Assert.Equal(["customer.subscription.trial_will_end", "invoice.created", "customer.subscription.updated", "invoice.finalized", "payment_intent.created", "charge.succeeded",
            "payment_intent.succeeded", "invoice_payment.paid", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"], events.Select(json => json.Text("type")));
        Assert.InRange(events[0].Number("created") - (end - 3 * Day), 0, 5);
        var former = events[2]["data"]!["previous_attributes"]!.AsObject();
        Assert.Equal(["items", "latest_invoice", "status"], former.Select(field => field.Key).Order());
        Assert.Equal("trialing", former.Text("status"));
        var invoice = (await api.InvoicesAsync())[^1];
        Assert.Equal(("subscription_cycle", "paid", 2900L), (invoice.Text("billing_reason"), invoice.Text("status"), invoice.Number("amount_paid")));
        Assert.Equal(active.Item().Number("current_period_end"), invoice["lines"]!.Data().Single()["period"]!.Number("end"));
    }

    [Fact]
    public async Task Trial_ShorterThanThreeDays_AnnouncesItsEndAtOnce()
    {
        var api = shared.NewAccount();
        await api.SubscriptionAsync(null, ("subscription_data[trial_period_days]", "2"));

        Assert.Single(await api.EventTypesAsync(), type => type == "customer.subscription.trial_will_end");
    }

    [Fact]
    public async Task Trial_CanceledAtItsEnd_IsNeverCharged()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync(null, SevenDays);
        var scheduled = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("cancel_at_period_end", "true"));
        Assert.Equal(subscription.Number("trial_end"), scheduled.Number("cancel_at"));

        await sandbox.AdvanceAsync(TimeSpan.FromDays(40));

        Assert.Equal("canceled", (await api.AgainAsync(subscription)).Text("status"));
        Assert.Single(await api.InvoicesAsync());
    }

    [Fact]
    public async Task Trial_ChangedAndEndedNow_CostsTheNewPriceFromNow()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(2000), SevenDays);
        var annual = await api.PriceAsync(20000, "year");

        var changed = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("items[0][id]", subscription.Item().Id()), ("items[0][price]", annual.Id()), ("proration_behavior", "always_invoice"));
        Assert.Equal(("trialing", subscription.Number("trial_end")), (changed.Text("status"), changed.Item().Number("current_period_end")));
        Assert.DoesNotContain("invoiceitem.created", await api.EventTypesAsync());

        var ended = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("trial_end", "now"));

        Assert.Equal("active", ended.Text("status"));
        Assert.Equal(ended.Number("billing_cycle_anchor"), ended.Item().Number("current_period_start"));
        Assert.True(ended.Item().Number("current_period_end") > ended.Number("trial_end") + 364 * Day);
        var invoice = (await api.InvoicesAsync())[^1];
        Assert.Equal(("subscription_update", 20000L), (invoice.Text("billing_reason"), invoice.Number("amount_paid")));
    }

    [Fact]
    public async Task Trial_EndMoved_IsFreeUntilThen()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync(null, SevenDays);
        var end = subscription.Number("trial_end") + 10 * Day;

        var moved = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("trial_end", end.ToString(CultureInfo.InvariantCulture)));

        Assert.Equal(("trialing", end, end), (moved.Text("status"), moved.Number("trial_end"), moved.Item().Number("current_period_end")));
        var invoice = (await api.InvoicesAsync())[^1];
        Assert.Equal((0L, end), (invoice.Number("total"), invoice["lines"]!.Data().Single()["period"]!.Number("end")));
    }
}
