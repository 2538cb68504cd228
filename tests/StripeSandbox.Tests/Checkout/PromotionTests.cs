using System.Net;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Checkout;

/// <summary>Coupons and the promotion codes that buyers type for them: off the first invoice or one payment, to the cent.</summary>
public sealed class PromotionTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    private static readonly (string, string) Allowed = ("allow_promotion_codes", "true");

    [Fact]
    public async Task Code_TypedOnThePage_IsTakenOffTheFirstInvoiceOnly()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        await CodeAsync(api, "SUMMER", ("percent_off", "25"));
        var session = await api.SessionAsync("subscription", null, Allowed);

        Assert.Equal(HttpStatusCode.SeeOther, (await EnterAsync(api, session, "summer")).Status);

        var page = new PortalView(await api.Http.GetStringAsync(session.Text("url"), TestContext.Current.CancellationToken), null, null);
        page.Shows("$15.00 due today, then $20.00 per month");
        page.Shows("Discount (SUMMER: 25% off) -$5.00");
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}?expand[]=line_items");
        Assert.Equal((2000, 1500, 500), (session.Number("amount_subtotal"), session.Number("amount_total"), session["total_details"]!.Number("amount_discount")));
        Assert.Equal((500, 1500), (session["line_items"]!.Data().Single().Number("amount_discount"), session["line_items"]!.Data().Single().Number("amount_total")));

        using var paid = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"));

        var invoice = (await api.InvoicesAsync()).Single();
        Assert.Equal((2000, 1500, 1500), (invoice.Number("subtotal"), invoice.Number("total"), invoice.Number("amount_paid")));
        Assert.Equal(500, invoice["total_discount_amounts"]!.AsArray().Single()!.Number("amount"));
        Assert.Equal(500, invoice["lines"]!.Data().Single()["discount_amounts"]!.AsArray().Single()!.Number("amount"));
        Assert.Equal(1500, (await api.GetAsync("/v1/charges")).Data().Single().Number("amount"));
        Assert.Equal(1, (await api.GetAsync("/v1/promotion_codes?code=SUMMER")).Data().Single().Number("times_redeemed"));

        await sandbox.AdvanceAsync(TimeSpan.FromDays(32));

        Assert.Equal(2000, (await api.InvoicesAsync())[^1].Number("amount_paid"));
    }

    [Fact]
    public async Task Code_Unknown_IsSaidBesideTheFieldAndChangesNothing()
    {
        var api = shared.NewAccount();
        await CodeAsync(api, "OFF", ("percent_off", "10"), ("redeem_by", "1"));
        var session = await api.SessionAsync("subscription", null, Allowed);

        foreach (var code in (string[])["NOSUCH", "OFF"])
        {
            var (status, html) = await EnterAsync(api, session, code);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("<p class=\"error\" id=\"promotion_code-error\" role=\"alert\">This code is invalid.</p>", html, StringComparison.Ordinal);
        }

        Assert.Equal(2000, (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Number("amount_total"));
        Assert.Equal(HttpStatusCode.BadRequest, (await EnterAsync(api, await api.SessionAsync(), "NOSUCH")).Status);
        Assert.DoesNotContain("promotion_code", await api.Http.GetStringAsync((await api.SessionAsync()).Text("url"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_TakenBack_CostsThePriceAgain()
    {
        var api = shared.NewAccount();
        await CodeAsync(api, "FIVE", ("amount_off", "500"), ("currency", "usd"));
        var session = await api.SessionAsync("payment", null, Allowed);
        await EnterAsync(api, session, "FIVE");
        Assert.Equal(1500, (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Number("amount_total"));

        await EnterAsync(api, session, "");
        using var paid = await api.PayAsync(session);

        Assert.Equal(2000, (await api.GetAsync("/v1/charges")).Data().Single().Number("amount"));
    }

    [Fact]
    public async Task Code_EverythingOff_NeedsNoCardForOnePayment()
    {
        var api = shared.NewAccount();
        await CodeAsync(api, "FREE", ("percent_off", "100"));
        var session = await api.SessionAsync("payment", null, Allowed);
        await EnterAsync(api, session, "FREE");
        Assert.DoesNotContain("card_number", await api.Http.GetStringAsync(session.Text("url"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var done = await api.SubmitAsync(session, ("email", "buyer@example.com"));

        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
        Assert.Equal(("complete", "no_payment_required", 0), (session.Text("status"), session.Text("payment_status"), session.Number("amount_total")));
        Assert.Null(session["payment_intent"]);
        Assert.Contains("checkout.session.completed", await api.EventTypesAsync());
    }

    [Fact]
    public async Task Coupon_EverythingOffAPlan_StartsItWithAPaidInvoiceOfZero()
    {
        var api = shared.NewAccount();
        var coupon = await CouponAsync(api, ("percent_off", "100"));
        var session = await api.SessionAsync("subscription", null, ("discounts[0][coupon]", coupon.Id()));

        using var paid = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"));

        Assert.Equal("no_payment_required", (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("payment_status"));
        var invoice = (await api.InvoicesAsync()).Single();
        Assert.Equal(("paid", 0, 2000), (invoice.Text("status"), invoice.Number("total"), invoice.Number("subtotal")));
        Assert.Empty((await api.GetAsync("/v1/payment_intents")).Data());
    }

    [Fact]
    public async Task Coupon_WithATrial_WaitsForTheFirstInvoiceThatIsNotZero()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var coupon = await CouponAsync(api, ("amount_off", "300"), ("currency", "usd"));
        await api.SubscriptionAsync(null, ("subscription_data[trial_period_days]", "7"), ("discounts[0][coupon]", coupon.Id()));

        await sandbox.AdvanceAsync(TimeSpan.FromDays(45));

        Assert.Equal([0, 1700, 2000], (await api.InvoicesAsync()).Select(invoice => invoice.Number("amount_paid")));
    }

    [Fact]
    public async Task Upgrade_AfterADiscount_CreditsOnlyWhatWasPaid()
    {
        var api = shared.NewAccount();
        var coupon = await CouponAsync(api, ("percent_off", "50"));
        var subscription = await api.SubscriptionAsync(null, ("discounts[0][coupon]", coupon.Id()));

        await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("items[0][id]", subscription.Item().Id()), ("items[0][price]", (await api.PriceAsync(5000)).Id()),
            ("proration_behavior", "always_invoice"), ("proration_date", $"{subscription.Item().Number("current_period_start")}"));

        Assert.Equal([-1000, 5000], (await api.InvoicesAsync())[^1]["lines"]!.Data().Select(line => line.Number("amount")));
    }

    [Fact]
    public async Task Code_UsedUpMeanwhile_ChargesNobody()
    {
        var api = shared.NewAccount();
        await CodeAsync(api, "ONCE", ("percent_off", "25"), ("max_redemptions", "1"));
        var (first, second) = (await api.SessionAsync("payment", null, Allowed), await api.SessionAsync("payment", null, Allowed));
        await EnterAsync(api, first, "ONCE");
        await EnterAsync(api, second, "ONCE");
        using var paid = await api.PayAsync(first);

        using var late = await api.PayAsync(second);

        Assert.Contains("can no longer be redeemed", await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single((await api.GetAsync("/v1/charges")).Data());
        Assert.Equal("open", (await api.GetAsync($"/v1/checkout/sessions/{second.Id()}")).Text("status"));
        Assert.False((await api.GetAsync("/v1/coupons")).Data().Single()["valid"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("forever")]
    [InlineData("repeating")]
    public async Task Coupon_ThatLasts_IsRefusedByName(string duration)
    {
        var refused = await shared.NewAccount().SendAsync(HttpMethod.Post, "/v1/coupons", [("percent_off", "10"), ("duration", duration)]);

        Assert.Equal(400, (int)refused.Status);
        Assert.Contains($"duration={duration}", refused.Json["error"]!.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(33.33, new long[] { 100, 100, 100 }, 100)]
    [InlineData(50, new long[] { 1, 1, 1 }, 2)]
    [InlineData(12.5, new long[] { 999, 1, 0 }, 125)]
    [InlineData(100, new long[] { 99_999_999, 1 }, 100_000_000)]
    public void Shares_Always_AddUpToTheDiscount(double percent, long[] amounts, long off)
    {
        var shares = DiscountShares.Of(new JsonObject { ["percent_off"] = (decimal)percent }, "usd", amounts);

        Assert.Equal(off, shares.Sum());
        Assert.All(shares.Zip(amounts), pair => Assert.InRange(pair.First, 0, pair.Second));
    }

    private static Task<JsonObject> CouponAsync(Api api, params (string, string)[] form) => api.PostAsync("/v1/coupons", [("duration", "once"), .. form]);

    private static async Task<JsonObject> CodeAsync(Api api, string code, params (string, string)[] coupon) =>
        await api.PostAsync("/v1/promotion_codes", ("promotion[type]", "coupon"), ("promotion[coupon]", (await CouponAsync(api, coupon)).Id()), ("code", code));

    private static async Task<(HttpStatusCode Status, string Html)> EnterAsync(Api api, JsonObject session, string code)
    {
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("promotion_code", code)]);
        using var answer = await api.Http.PostAsync(session.Text("url") + "/promotion-code", content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
