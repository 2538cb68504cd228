using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Reversals;

public sealed class DisputeTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Dispute_Opened_WithdrawsTheMoneyAndMarksTheCharge()
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();

        var dispute = await api.DisputeAsync(charge);

        dispute = await api.DisputeAgainAsync(dispute);
        Assert.Equal(("needs_response", "fraudulent", 2000L, false),
            (dispute.Text("status"), dispute.Text("reason"), dispute.Number("amount"), dispute.Flag("is_charge_refundable")));
        Assert.Equal((charge.Id(), charge.Text("payment_intent")), (dispute.Text("charge"), dispute.Text("payment_intent")));
        Assert.Equal(-2000, Assert.Single(dispute["balance_transactions"]!.AsArray())!.Number("amount"));
        Assert.True((await api.ChargeAgainAsync(charge)).Flag("disputed"));
        Assert.Equal(["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.updated"], await api.AfterwardsTypesAsync());
    }

    [Fact]
    public async Task Dispute_OfAPaymentIntentInPart_HasTheAmountAndReason()
    {
        var api = shared.NewAccount();
        var intent = (await api.ChargeAsync()).Text("payment_intent");

        var opened = await api.ControlAsync("disputes", $$"""{"payment_intent": "{{intent}}", "amount": 700, "reason": "duplicate"}""");

        Assert.Equal((700L, "duplicate", intent), (opened.Ok().Number("amount"), opened.Json.Text("reason"), opened.Json.Text("payment_intent")));
    }

    [Theory]
    [InlineData("win", "won", new[] { "charge.dispute.closed", "charge.dispute.funds_reinstated" }, true)]
    [InlineData("lose", "lost", new[] { "charge.dispute.closed" }, false)]
    public async Task Dispute_Decided_EndsAndTells(string outcome, string status, string[] told, bool refundable)
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();
        var dispute = await api.DisputeAsync(charge);
        Assert.Equal("refund_disputed_payment", (await api.RefusedAsync(400, "/v1/refunds", ("charge", charge.Id()))).Error.Text("code"));

        Assert.Equal(400, (int)(await api.DecideAsync(dispute, "escalate")).Status);
        Assert.Equal(400, (int)(await api.DecideAsync(dispute, "close")).Status);
        var ended = (await api.DecideAsync(dispute, outcome)).Ok();

        Assert.Equal(status, ended.Text("status"));
        Assert.Equal(outcome == "win" ? [-2000, 2000] : [-2000L], ended["balance_transactions"]!.AsArray().Select(moved => moved!.Number("amount")));
        var events = await api.AfterwardsAsync();
        Assert.Equal(told, events[3..].Select(json => json.Text("type")));
        Assert.Equal(status, events[3]["data"]!["object"]!.Text("status"));
        Assert.Null(events[3]["request"]!["id"]);
        Assert.Equal(refundable ? 200 : 400, (int)(await api.SendAsync(HttpMethod.Post, "/v1/refunds", [("charge", charge.Id())])).Status);
        Assert.Equal(400, (int)(await api.DecideAsync(dispute, outcome)).Status);
    }

    [Fact]
    public async Task Inquiry_Escalated_BecomesADisputeThatTakesTheMoney()
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();
        var inquiry = await api.DisputeAsync(charge, """, "inquiry": true, "amount": 1500""");
        Assert.Equal(("warning_needs_response", true), (inquiry.Text("status"), inquiry.Flag("is_charge_refundable")));
        Assert.Empty(inquiry["balance_transactions"]!.AsArray());
        Assert.Equal(["charge.dispute.created", "charge.updated"], await api.AfterwardsTypesAsync());
        Assert.Equal(400, (int)(await api.DecideAsync(inquiry, "win")).Status);

        var dispute = (await api.DecideAsync(inquiry, "escalate")).Ok();

        Assert.Equal((inquiry.Id(), "needs_response"), (dispute.Id(), dispute.Text("status")));
        var events = (await api.AfterwardsAsync())[2..];
        Assert.Equal(["charge.dispute.updated", "charge.dispute.funds_withdrawn"], events.Select(json => json.Text("type")));
        Assert.Equal("warning_needs_response", events[0]["data"]!["previous_attributes"]!.Text("status"));
        Assert.Equal(-1500, Assert.Single(events[1]["data"]!["object"]!["balance_transactions"]!.AsArray())!.Number("amount"));
        Assert.Equal("refund_disputed_payment", (await api.RefusedAsync(400, "/v1/refunds", ("charge", charge.Id()))).Error.Text("code"));
    }

    [Fact]
    public async Task Inquiry_OfARefundedCharge_ClosesAndCannotEscalate()
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();
        var inquiry = await api.DisputeAsync(charge, """, "inquiry": true""");
        await api.RefundAsync(charge);

        Assert.Equal(400, (int)(await api.DecideAsync(inquiry, "escalate")).Status);
        await api.RefusedAsync(400, $"/v1/disputes/{inquiry.Id()}/close");
        var closed = (await api.DecideAsync(inquiry, "close")).Ok();

        Assert.Equal("warning_closed", closed.Text("status"));
        Assert.Equal("charge.dispute.closed", (await api.AfterwardsTypesAsync())[^1]);
        Assert.Empty(closed["balance_transactions"]!.AsArray());
    }

    [Fact]
    public async Task Disputes_Listed_AreFiltered()
    {
        var api = shared.NewAccount();
        var (one, other) = (await api.ChargeAsync(), await api.ChargeAsync());
        var (dispute, _) = (await api.DisputeAsync(one), await api.DisputeAsync(other));

        Assert.Equal(2, (await api.GetAsync("/v1/disputes?created[gte]=1")).Data().Length);
        Assert.Equal(dispute.Id(), (await api.GetAsync($"/v1/disputes?charge={one.Id()}")).Data().Single().Id());
        Assert.Equal(dispute.Id(), (await api.GetAsync($"/v1/disputes?payment_intent={one.Text("payment_intent")}&expand[]=data.charge")).Data().Single().Id());
        Assert.Equal(404, (int)(await api.SendAsync(HttpMethod.Get, "/v1/disputes/du_none")).Status);
    }

    [Fact]
    public async Task Dispute_Accepted_IsLost()
    {
        var api = shared.NewAccount();
        var dispute = await api.DisputeAsync(await api.ChargeAsync());

        var lost = await api.PostAsync($"/v1/disputes/{dispute.Id()}/close");

        Assert.Equal("lost", lost.Text("status"));
        Assert.NotNull((await api.AfterwardsAsync())[^1]["request"]!["id"]);
        await api.RefusedAsync(400, $"/v1/disputes/{dispute.Id()}/close");
    }

    [Theory]
    [InlineData("")]
    [InlineData(", \"payment_intent\": \"pi_1\"")]
    [InlineData(", \"amount\": 0")]
    [InlineData(", \"amount\": 2001")]
    [InlineData(", \"amount\": \"7\"")]
    [InlineData(", \"amount\": 7.5")]
    [InlineData(", \"reason\": \"bored\"")]
    [InlineData(", \"reason\": 7")]
    [InlineData(", \"inquiry\": \"yes\"")]
    public async Task Dispute_OpenedWrongly_IsRefusedAndChangesNothing(string more)
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();
        var body = more.Length == 0 ? """{"amount": 100}""" : $$"""{"charge": "{{charge.Id()}}"{{more}}}""";

        Assert.Equal(400, (int)(await api.ControlAsync("disputes", body)).Status);
        Assert.False((await api.ChargeAgainAsync(charge)).Flag("disputed"));
        Assert.Empty((await api.GetAsync("/v1/disputes")).Data());
    }

    [Fact]
    public async Task Dispute_OfADisputedOrUnknownCharge_IsRefused()
    {
        var api = shared.NewAccount();
        var charge = await api.ChargeAsync();
        var dispute = await api.DisputeAsync(charge);

        Assert.Equal(400, (int)(await api.ControlAsync("disputes", $$"""{"charge": "{{charge.Id()}}"}""")).Status);
        Assert.Equal(404, (int)(await api.ControlAsync("disputes", """{"charge": "ch_none"}""")).Status);
        Assert.Equal(404, (int)(await api.ControlAsync("disputes/du_none/win", "")).Status);
        await api.DecideAsync(dispute, "win");
        Assert.NotEqual(dispute.Id(), (await api.DisputeAsync(charge)).Id());
    }

    [Theory]
    [InlineData("4000000000000259", "needs_response", "fraudulent")]
    [InlineData("4000000000002685", "needs_response", "product_not_received")]
    [InlineData("4000000000001976", "warning_needs_response", "general")]
    public async Task Charge_OfACardThatDisputes_IsDisputedSoonAfter(string card, string status, string reason)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var charge = await api.ChargeAsync(card);
        Assert.False(charge.Flag("disputed"));

        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));

        var dispute = (await api.GetAsync($"/v1/disputes?charge={charge.Id()}")).Data().Single();
        Assert.Equal((status, reason), (dispute.Text("status"), dispute.Text("reason")));
        Assert.True((await api.ChargeAgainAsync(charge)).Flag("disputed"));
        Assert.Equal(charge.Number("created") + 60, dispute.Number("created"));
    }

    [Fact]
    public async Task Subscription_PaidByACardThatDisputes_IsDisputedAtEachRenewal()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();
        await api.ChangeCardAsync(subscription, "pm_card_createDispute");

        await sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 2 * 3600);

        var dispute = (await api.GetAsync("/v1/disputes")).Data().Single();
        var link = (await api.GetAsync($"/v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]={dispute.Text("payment_intent")}")).Data().Single();
        Assert.Equal((await api.InvoicesAsync())[^1].Id(), link.Text("invoice"));
        Assert.Equal("active", (await api.AgainAsync(subscription)).Text("status"));
    }
}
