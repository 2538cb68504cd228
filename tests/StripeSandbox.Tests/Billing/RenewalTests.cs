using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.State;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Billing;

public sealed class RenewalTests
{
    private static readonly DateTimeOffset EndOfJanuary = new(2027, 1, 31, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Renewal_AYearFromThe31st_IsPaidEveryMonthAndComesBackToThatDay()
    {
        await using var sandbox = await TestSandbox.StartAsync(options => options.StartTime = EndOfJanuary);
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();

        await sandbox.AdvanceAsync(EndOfJanuary.AddYears(1).AddHours(2) - sandbox.Host.Clock.GetUtcNow());

        var invoices = await api.InvoicesAsync();
        Assert.All(invoices, invoice => Assert.Equal(("paid", 2000L), (invoice.Text("status"), invoice.Number("amount_paid"))));
        Assert.Equal(["subscription_create", .. Enumerable.Repeat("subscription_cycle", 12)], invoices.Select(invoice => invoice.Text("billing_reason")));
        var lines = invoices.Select(invoice => invoice["lines"]!.Data().Single()["period"]!).ToArray();
        Assert.Equal([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31], lines.Select(period => DateTimeOffset.FromUnixTimeSeconds(period.Number("start")).Day));
        Assert.All(lines.Zip(lines[1..]), pair => Assert.Equal(pair.First.Number("end"), pair.Second.Number("start")));
        // Made when the period ended, paid an hour later.
        Assert.All(invoices.Skip(1).Zip(lines.Skip(1)), pair =>
        {
            Assert.InRange(pair.First.Number("created") - pair.Second.Number("start"), 0, 30);
            Assert.InRange(pair.First["status_transitions"]!.Number("paid_at") - pair.Second.Number("start"), 3600, 3630);
        });
        Assert.Equal((await api.AgainAsync(subscription)).Text("latest_invoice"), invoices[^1].Id());
    }

    [Fact]
    public async Task Renewal_OnTheWay_IsADraftThenPaidWithStripesEvents()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var end = subscription.Item().Number("current_period_end");

        await sandbox.AdvanceToAsync(end + 60);
        var draft = (await api.InvoicesAsync())[^1];
        Assert.Equal(("draft", end + 3600), (draft.Text("status"), draft.Number("automatically_finalizes_at")));
        Assert.Equal((subscription.Item().Number("current_period_start"), end), (draft.Number("period_start"), draft.Number("period_end")));
        await sandbox.AdvanceToAsync(end + 3660);

        // Thirty days are what events are kept for, so the first ones may be gone.
        var events = (await api.EventsAsync())[^10..];
        Assert.Equal(["invoice.created", "customer.subscription.updated", "invoice.finalized", "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
            "invoice_payment.paid", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"], events.Select(json => json.Text("type")));
        var former = events[1]["data"]!["previous_attributes"]!;
        Assert.Equal(["items", "latest_invoice"], former.AsObject().Select(field => field.Key).Order());
        Assert.Equal(end, former["items"]!["data"]!.AsArray().Single()!.Number("current_period_end"));
    }

    [Fact]
    public async Task Renewal_WithProrationsAndCredit_SettlesBoth()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var team = await api.PriceAsync(5000);
        await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("items[0][id]", subscription.Item().Id()), ("items[0][price]", team.Id()),
            ("proration_date", subscription.Item().Number("current_period_start").ToString(CultureInfo.InvariantCulture)));
        await api.PostAsync($"/v1/customers/{subscription.Text("customer")}", ("balance", "-1500"));

        await sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 4000);

        var invoice = (await api.InvoicesAsync())[^1];
        Assert.Equal([-2000L, 5000L, 5000L], invoice["lines"]!.Data().Select(line => line.Number("amount")));
        Assert.Equal((8000L, 6500L, "paid"), (invoice.Number("total"), invoice.Number("amount_paid"), invoice.Text("status")));
        Assert.Equal(0, (await api.GetAsync($"/v1/customers/{subscription.Text("customer")}")).Number("balance"));
    }

    [Fact]
    public async Task Renewal_ClockFlowsPastThePeriodsEnd_HappensByItself()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();
        await sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") - 1);

        await Eventually.HoldsAsync(async () => (await api.InvoicesAsync()).Length == 2, "the subscription renewed");
    }

    [Fact]
    public async Task ScheduledChange_AtThePeriodsEnd_ReplacesThePriceWithoutProration()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(5000));
        var end = subscription.Item().Number("current_period_end");

        var scheduled = await ScheduleAsync(sandbox, api, subscription, await api.PriceAsync(2000));
        Assert.StartsWith("sub_sched_", scheduled.Text("schedule"), StringComparison.Ordinal);
        Assert.Equal(5000, scheduled.Item()["price"]!.Number("unit_amount"));
        Assert.Equal("""{"schedule":null}""", (await api.EventsAsync())[^1]["data"]!["previous_attributes"]!.ToJsonString());
        await sandbox.AdvanceToAsync(end + 4000);

        var renewed = await api.AgainAsync(subscription);
        Assert.Null(renewed["schedule"]);
        Assert.Equal((2000L, end), (renewed.Item()["price"]!.Number("unit_amount"), renewed.Item().Number("current_period_start")));
        Assert.Equal(subscription.Number("billing_cycle_anchor"), renewed.Number("billing_cycle_anchor"));
        var invoice = (await api.InvoicesAsync())[^1];
        Assert.Equal((2000L, "subscription_cycle"), (invoice.Number("amount_paid"), invoice.Text("billing_reason")));
    }

    [Fact]
    public async Task ScheduledChange_ToAnotherInterval_CountsFromThatDay()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(5000));
        var end = subscription.Item().Number("current_period_end");
        await ScheduleAsync(sandbox, api, subscription, await api.PriceAsync(20000, "year"));

        await sandbox.AdvanceToAsync(end + 4000);

        var renewed = await api.AgainAsync(subscription);
        Assert.Equal(end, renewed.Number("billing_cycle_anchor"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(end).AddYears(1).ToUnixTimeSeconds(), renewed.Item().Number("current_period_end"));
    }

    [Theory]
    [InlineData("cancel_at_period_end", "true")]
    [InlineData("items[0][price]", null)]
    public async Task ScheduledChange_OvertakenByAnother_IsDropped(string name, string? value)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(5000));
        var end = subscription.Item().Number("current_period_end");
        await ScheduleAsync(sandbox, api, subscription, await api.PriceAsync(2000));

        var changed = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", value is not null ? [(name, value)]
            : [("items[0][id]", subscription.Item().Id()), (name, (await api.PriceAsync(9000)).Id()), ("proration_behavior", "none")]);
        Assert.Null(changed["schedule"]);
        await sandbox.AdvanceToAsync(end + 4000);

        Assert.DoesNotContain(await api.InvoicesAsync(), invoice => invoice.Number("total") == 2000);
    }

    private static Task<JsonObject> ScheduleAsync(TestSandbox sandbox, Api api, JsonObject subscription, JsonObject price)
    {
        sandbox.Host.Core.Accounts.Holding("subscription", subscription.Id())!.Execute(RequestOrigin.None,
            tx => ScheduledChange.Set(tx, tx.Get("subscription", subscription.Id()), subscription.Item().Id(), tx.Get("price", price.Id()), null));
        return api.AgainAsync(subscription);
    }
}
