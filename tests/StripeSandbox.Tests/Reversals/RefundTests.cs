using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Reversals;

public sealed class RefundTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Refund_InTwoParts_IsCountedOnTheChargeAndToldEachTime()
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();

        var first = await api.RefundAsync(charge, ("amount", "700"), ("reason", "requested_by_customer"), ("metadata[org]", "7"));
        var between = await api.ChargeAgainAsync(charge);
        var second = await api.PostAsync("/v1/refunds", ("payment_intent", charge.Text("payment_intent")));

        Assert.Equal(("succeeded", 700L, "usd", "requested_by_customer", "7"),
            (first.Text("status"), first.Number("amount"), first.Text("currency"), first.Text("reason"), first["metadata"]!.Text("org")));
        Assert.Equal((charge.Id(), charge.Text("payment_intent")), (first.Text("charge"), first.Text("payment_intent")));
        Assert.Equal((700L, false), (between.Number("amount_refunded"), between.Flag("refunded")));
        Assert.Equal(1300, second.Number("amount"));
        var after = await api.ChargeAgainAsync(charge);
        Assert.Equal((2000L, true, "succeeded"), (after.Number("amount_refunded"), after.Flag("refunded"), after.Text("status")));
        var events = await api.AfterwardsAsync();
        Assert.Equal(["refund.created", "charge.refunded", "charge.updated", "refund.created", "charge.refunded", "charge.updated"], events.Select(json => json.Text("type")));
        Assert.Equal([700, 2000], events.Where(json => json.Text("type") == "charge.refunded").Select(json => json["data"]!["object"]!.Number("amount_refunded")));
        Assert.Equal("""{"amount_refunded":700,"refunded":false}""", events[^1]["data"]!["previous_attributes"]!.ToJsonString());
        Assert.NotNull(events[0]["request"]!["id"]);
    }

    [Fact]
    public async Task Refund_MoreThanIsLeft_IsRefusedAndChangesNothing()
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();
        await api.RefundAsync(charge, ("amount", "1500"));

        var tooMuch = await api.RefusedAsync(400, "/v1/refunds", ("charge", charge.Id()), ("amount", "501"));
        await api.RefundAsync(charge, ("amount", "500"));
        var nothingLeft = await api.RefusedAsync(400, "/v1/refunds", ("charge", charge.Id()));

        Assert.Equal("Refund amount ($5.01) is greater than unrefunded amount on charge ($5.00)", tooMuch.Error.Text("message"));
        Assert.Equal("charge_already_refunded", nothingLeft.Error.Text("code"));
        Assert.Equal(2, (await api.GetAsync("/v1/refunds")).Data().Length);
        Assert.Equal(6, (await api.AfterwardsAsync()).Length);
    }

    [Theory]
    [InlineData("amount", "0")]
    [InlineData("amount", "1.5")]
    [InlineData("reason", "bored")]
    [InlineData("origin", "customer_balance")]
    [InlineData("payment_intent", "pi_1")]
    [InlineData("surprise", "1")]
    public async Task Refund_WrongParameter_IsRefusedByName(string name, string value)
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();

        var refusal = await api.RefusedAsync(400, "/v1/refunds", ("charge", charge.Id()), (name, value));

        Assert.Contains(name, refusal.Error.Text("message") + refusal.Error.Text("param"), StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync("/v1/refunds")).Data());
    }

    [Fact]
    public async Task Refund_OfNothingThatWasPaid_IsRefused()
    {
        var api = shared.NewAccount();

        Assert.Equal("parameter_missing", (await api.RefusedAsync(400, "/v1/refunds")).Error.Text("code"));
        Assert.Equal("resource_missing", (await api.RefusedAsync(400, "/v1/refunds", ("charge", "ch_none"))).Error.Text("code"));
        var subscription = await api.SubscriptionAsync();
        await api.ChangeCardAsync(subscription, "pm_card_chargeCustomerFail");
        await api.SendAsync(HttpMethod.Post, $"/v1/subscriptions/{subscription.Id()}",
            [("items[0][id]", subscription.Item().Id()), ("items[0][price]", (await api.PriceAsync(9000)).Id()), ("proration_behavior", "always_invoice")]);
        var failed = (await api.GetAsync("/v1/charges?limit=1")).Data().Single();
        Assert.Equal("failed", failed.Text("status"));
        Assert.Equal("charge_not_refundable", (await api.RefusedAsync(400, "/v1/refunds", ("charge", failed.Id()))).Error.Text("code"));
        await api.RefusedAsync(400, "/v1/refunds", ("payment_intent", failed.Text("payment_intent")));
        Assert.DoesNotContain("refund.created", await api.EventTypesAsync());
    }

    [Fact]
    public async Task Refunds_Listed_AreFilteredAndExpandedFromTheCharge()
    {
        var api = shared.NewAccount();
        var (one, other) = (await api.ChargeAsync(), await api.ChargeAsync());
        var (first, second) = (await api.RefundAsync(one, ("amount", "1")), await api.RefundAsync(one, ("amount", "2")));
        await api.RefundAsync(other);

        var expanded = await api.GetAsync($"/v1/charges/{one.Id()}?expand[]=refunds.data.payment_intent");

        string[] newestFirst = [second.Id(), first.Id()];
        Assert.Equal(newestFirst, (await api.GetAsync($"/v1/refunds?charge={one.Id()}")).Data().Select(refund => refund.Id()));
        Assert.Equal(newestFirst, (await api.GetAsync($"/v1/refunds?payment_intent={one.Text("payment_intent")}")).Data().Select(refund => refund.Id()));
        Assert.Equal(newestFirst, expanded["refunds"]!.Data().Select(refund => refund.Id()));
        Assert.Equal(one.Text("payment_intent"), expanded["refunds"]!.Data()[0]["payment_intent"]!.Id());
        Assert.False((await api.ChargeAgainAsync(one)).ContainsKey("refunds"));
        Assert.Equal(one.Id(), (await api.GetAsync($"/v1/refunds/{first.Id()}?expand[]=charge"))["charge"]!.Id());
    }

    [Fact]
    public async Task Refund_MetadataUpdated_MergesAndTells()
    {
        var api = shared.NewAccount();
        var refund = await api.RefundAsync(await api.ChargeAsync(), ("metadata[a]", "1"), ("metadata[b]", "2"));

        var updated = await api.PostAsync($"/v1/refunds/{refund.Id()}", ("metadata[a]", ""), ("metadata[c]", "3"));

        Assert.Equal("""{"b":"2","c":"3"}""", updated["metadata"]!.ToJsonString());
        Assert.Equal(["refund.updated", "charge.refund.updated"], (await api.AfterwardsTypesAsync())[^2..]);
        await api.RefusedAsync(400, $"/v1/refunds/{refund.Id()}", ("amount", "1"));
    }

    [Fact]
    public async Task Refund_OfASubscriptionsInvoice_FindsItByThePaymentAndLeavesItPaid()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        await api.ChargeAsync();
        var invoice = (await api.InvoicesAsync()).Single();
        var intent = (await api.GetAsync($"/v1/invoice_payments?invoice={invoice.Id()}")).Data().Single()["payment"]!.Text("payment_intent");

        var refund = await api.PostAsync("/v1/refunds", ("payment_intent", intent));

        var charge = await api.GetAsync($"/v1/charges/{refund.Text("charge")}");
        Assert.True(charge.Flag("refunded"));
        var link = (await api.GetAsync($"/v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]={charge.Text("payment_intent")}&expand[]=data.invoice")).Data().Single();
        Assert.Equal((invoice.Id(), "paid"), (link["invoice"]!.Id(), link["invoice"]!.Text("status")));
        Assert.Equal("active", (await api.AgainAsync(subscription)).Text("status"));
    }

    [Fact]
    public async Task Refunds_OfTheSameRestAtOnce_GiveItBackOnce()
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => api.SendAsync(HttpMethod.Post, "/v1/refunds", [("charge", charge.Id()), ("amount", "900")])));

        Assert.Equal(2, answers.Count(answer => (int)answer.Status == 200));
        Assert.Equal(1800, (await api.ChargeAgainAsync(charge)).Number("amount_refunded"));
    }

    [Theory]
    [InlineData("4000000000007726", "pending", "succeeded", 2000, new[] { "refund.updated", "charge.refund.updated" })]
    [InlineData("4000000000005126", "succeeded", "failed", 0, new[] { "refund.updated", "charge.refund.updated", "refund.failed", "charge.updated" })]
    public async Task Refund_OfACardThatSettlesLater_ChangesWhenTheClockIsAdvanced(string card, string before, string after, long refunded, string[] told)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var charge = await api.ChargeAsync(card);
        var refund = await api.RefundAsync(charge);
        Assert.Equal((before, 2000L), (refund.Text("status"), (await api.ChargeAgainAsync(charge)).Number("amount_refunded")));

        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));

        var settled = await api.GetAsync($"/v1/refunds/{refund.Id()}");
        Assert.Equal(after, settled.Text("status"));
        Assert.Equal(after == "failed", settled.ContainsKey("failure_reason"));
        Assert.False(settled.ContainsKey("pending_reason"));
        var then = await api.ChargeAgainAsync(charge);
        Assert.Equal((refunded, refunded == 2000), (then.Number("amount_refunded"), then.Flag("refunded")));
        var events = (await api.AfterwardsAsync())[3..];
        Assert.Equal(told, events.Select(json => json.Text("type")));
        Assert.Equal(before, events[0]["data"]!["previous_attributes"]!.Text("status"));
        Assert.All(events, json => Assert.Null(json["request"]!["id"]));
    }

    [Fact]
    public async Task Refund_Failed_MayBeTriedAgain()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var charge = await api.ChargeAsync("4000000000005126");
        await api.RefundAsync(charge, ("amount", "500"));
        await api.RefundAsync(charge, ("amount", "1500"));
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));

        var again = await api.RefundAsync(charge);

        Assert.Equal(2000, again.Number("amount"));
        Assert.Equal(["succeeded", "failed", "failed"], (await api.GetAsync("/v1/refunds")).Data().Select(refund => refund.Text("status")));
    }
}
