using System.Net;
using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Checkout;

public sealed class DelayedPaymentTests
{
    private const string GoodIban = "AT611904300234573201";
    private const string FailingIban = "AT861904300235473202";

    [Fact]
    public async Task Payment_ByBankAccount_IsUnderWayUntilTheBankPays()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();

        var session = await api.DebitedAsync("payment", Given.GoodAccount);
        var intent = await IntentAsync(api, session);

        Assert.Equal(("complete", "unpaid"), (session.Text("status"), session.Text("payment_status")));
        Assert.Equal(("processing", 0), (intent.Text("status"), intent.Number("amount_received")));
        Assert.Equal(("pending", "us_bank_account"), (intent["latest_charge"]!.Text("status"), intent["latest_charge"]!["payment_method_details"]!.Text("type")));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        Assert.Equal("processing", (await IntentAsync(api, session)).Text("status"));

        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
        intent = await IntentAsync(api, session);

        Assert.Equal(("complete", "paid"), (session.Text("status"), session.Text("payment_status")));
        Assert.Equal(("succeeded", 2000), (intent.Text("status"), intent.Number("amount_received")));
        Assert.Equal("succeeded", intent["latest_charge"]!.Text("status"));
        Assert.Equal(["payment_intent.created", "charge.pending", "payment_intent.processing", "checkout.session.completed",
            "charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded"], (await api.EventTypesAsync())[^7..]);
        Assert.Equal(["unpaid", "paid"], (await SessionEventsAsync(api)).Select(json => json["data"]!["object"]!.Text("payment_status")));
    }

    [Fact]
    public async Task Payment_ThatTheBankReturns_LeavesTheSessionCompleteAndUnpaid()
    {
        await using var sandbox = await TestSandbox.StartAsync(options => options.DelayedPaymentSettlement = TimeSpan.FromHours(1));
        var api = sandbox.NewAccount();

        var session = await api.DebitedAsync("payment", Given.FailingAccount);
        await sandbox.AdvanceAsync(TimeSpan.FromHours(1));
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
        var intent = await IntentAsync(api, session);

        Assert.Equal(("complete", "unpaid"), (session.Text("status"), session.Text("payment_status")));
        Assert.Equal(("requires_payment_method", "payment_intent_payment_attempt_failed"), (intent.Text("status"), intent["last_payment_error"]!.Text("code")));
        Assert.Equal("failed", intent["latest_charge"]!.Text("status"));
        Assert.Equal(["charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"], (await api.EventTypesAsync())[^3..]);
        Assert.Contains("payment failed", await api.Http.GetStringAsync($"/c/pay/{session.Id()}", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await api.RefusedAsync(400, "/v1/refunds", ("payment_intent", intent.Id()));
    }

    [Theory]
    [InlineData(GoodIban, "paid", "checkout.session.async_payment_succeeded")]
    [InlineData(FailingIban, "unpaid", "checkout.session.async_payment_failed")]
    public async Task Payment_BySepaThroughTheControlApi_IsDecidedByTheIban(string iban, string paymentStatus, string lastEvent)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await EuroSessionAsync(api);

        var paid = await sandbox.ControlAsync($"checkout/sessions/{session.Id()}/pay", new JsonObject { ["iban"] = iban, ["email"] = "buyer@example.com" });
        Assert.Equal(("complete", "unpaid"), (paid.Ok().Text("status"), paid.Json.Text("payment_status")));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal(paymentStatus, (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("payment_status"));
        Assert.Equal(lastEvent, (await api.EventTypesAsync())[^1]);
    }

    [Fact]
    public async Task Subscription_ByBankAccount_IsActiveOverAnOpenInvoiceUntilTheBankPays()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();

        var session = await api.DebitedAsync("subscription", Given.GoodAccount);
        var invoice = await api.GetAsync($"/v1/invoices/{session.Text("invoice")}");
        Assert.Equal(("complete", "unpaid"), (session.Text("status"), session.Text("payment_status")));
        Assert.Equal(("open", 1, null), (invoice.Text("status"), invoice.Number("attempt_count"), invoice["next_payment_attempt"]));
        Assert.Equal("active", (await api.GetAsync($"/v1/subscriptions/{session.Text("subscription")}")).Text("status"));
        Assert.DoesNotContain("invoice.paid", await api.EventTypesAsync());
        await api.RefusedAsync(400, $"/v1/invoices/{invoice.Id()}/pay");

        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal("paid", (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("payment_status"));
        Assert.Equal(("paid", 1), ((await api.GetAsync($"/v1/invoices/{invoice.Id()}")).Text("status"), (await api.GetAsync($"/v1/invoices/{invoice.Id()}")).Number("attempt_count")));
        Assert.Equal("active", (await api.GetAsync($"/v1/subscriptions/{session.Text("subscription")}")).Text("status"));
        Assert.Equal(["invoice.paid", "invoice.payment_succeeded", "checkout.session.async_payment_succeeded"], (await api.EventTypesAsync())[^3..]);
    }

    [Fact]
    public async Task Subscription_WhoseBankReturnsTheDebit_IsPastDueAndCollectedAgain()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.DebitedAsync("subscription", Given.FailingAccount);

        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));
        var invoice = await api.GetAsync($"/v1/invoices/{session.Text("invoice")}");

        Assert.Equal("unpaid", (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("payment_status"));
        Assert.Equal("past_due", (await api.GetAsync($"/v1/subscriptions/{session.Text("subscription")}")).Text("status"));
        Assert.InRange(invoice.Number("next_payment_attempt") - sandbox.Now, 3 * 86400 - 60, 3 * 86400);
        Assert.Equal(["invoice.payment_failed", "customer.subscription.updated", "checkout.session.async_payment_failed"], (await api.EventTypesAsync())[^3..]);

        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(2, (await api.GetAsync($"/v1/invoices/{invoice.Id()}")).Number("attempt_count"));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(["checkout.session.completed", "checkout.session.async_payment_failed"], (await SessionEventsAsync(api)).Select(json => json.Text("type")));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(30));
        Assert.Equal("canceled", (await api.GetAsync($"/v1/subscriptions/{session.Text("subscription")}")).Text("status"));
    }

    [Fact]
    public async Task Renewal_ByBankAccount_IsPaidDaysAfterItIsFinalised()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.DebitedAsync("subscription", Given.GoodAccount);
        var subscription = await api.GetAsync($"/v1/subscriptions/{session.Text("subscription")}");

        await sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 3600);
        Assert.Equal(["paid", "open"], (await api.InvoicesAsync()).Select(invoice => invoice.Text("status")));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal(["paid", "paid"], (await api.InvoicesAsync()).Select(invoice => invoice.Text("status")));
        Assert.Empty(await SessionEventsAsync(api));
    }

    [Fact]
    public async Task Payment_UnderWay_SurvivesARestart()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sandbox-{Guid.NewGuid():N}.jsonl");
        string key, id;
        await using (var sandbox = await TestSandbox.StartAsync(options => options.StateFile = file))
        {
            var api = sandbox.NewAccount();
            (key, id) = (api.Key, (await api.DebitedAsync("payment", Given.GoodAccount)).Id());
        }

        await using (var sandbox = await TestSandbox.StartAsync(options => options.StateFile = file))
        {
            await sandbox.AdvanceAsync(TimeSpan.FromDays(3));
            Assert.Equal("paid", (await sandbox.Account(key).GetAsync($"/v1/checkout/sessions/{id}")).Text("payment_status"));
        }

        File.Delete(file);
        File.Delete(file + ".lock");
    }

    [Fact]
    public async Task Page_SessionInDollars_OffersCardOrBankAccount()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.SessionAsync();

        using var mistyped = await api.SubmitAsync(session, [("payment_method_type", "us_bank_account"), ("routing_number", "110000000"), ("account_number", "1"), ("card_number", Given.GoodCard)]);
        var html = await mistyped.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PaymentRequired, mistyped.StatusCode);
        Assert.Contains("not one of the test accounts", html, StringComparison.Ordinal);
        Assert.Contains("value=\"us_bank_account\" checked", html, StringComparison.Ordinal);
        Assert.Contains("<label for=\"routing_number\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("iban", html, StringComparison.Ordinal);
        Assert.Equal("open", (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("status"));
    }

    [Theory]
    [InlineData("iban", GoodIban)]
    [InlineData("account_number", "000123456789")]
    public async Task Session_OfCardsOnly_RefusesADebit(string field, string value)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.SessionAsync("payment", null, ("payment_method_types[0]", "card"));

        using var refused = await api.SubmitAsync(session, [(field, value), ("routing_number", "110000000")]);

        Assert.Equal("card", Assert.Single(session["payment_method_types"]!.AsArray())!.GetValue<string>());
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Contains("This checkout takes card, not", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_SepaInDollars_IsRefusedAtItsCreation()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var price = await api.PriceAsync();

        var refused = await api.RefusedAsync(400, "/v1/checkout/sessions", ("mode", "subscription"), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", "1"),
            ("success_url", "http://shop.test/"), ("payment_method_types[0]", "sepa_debit"));

        Assert.Equal("payment_method_types", refused.Error.Text("param"));
    }

    [Fact]
    public async Task Portal_SubscriptionPaidByBankAccount_NamesIt()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.DebitedAsync("subscription", Given.GoodAccount);

        var buyer = await api.AtThePortalAsync(await api.GetAsync($"/v1/subscriptions/{session.Text("subscription")}"));

        (await buyer.SeeAsync()).Shows("US bank account ending in 6789");
    }

    private static async Task<JsonObject> EuroSessionAsync(Api api)
    {
        var product = await api.PostAsync("/v1/products", ("name", "Credits"));
        return await api.PostAsync("/v1/checkout/sessions", ("mode", "payment"), ("line_items[0][price_data][currency]", "eur"), ("line_items[0][price_data][unit_amount]", "2000"),
            ("line_items[0][price_data][product]", product.Id()), ("line_items[0][quantity]", "1"), ("success_url", "http://shop.test/"));
    }

    private static Task<JsonObject> IntentAsync(Api api, JsonObject session) => api.GetAsync($"/v1/payment_intents/{session.Text("payment_intent")}?expand[]=latest_charge");

    private static async Task<JsonObject[]> SessionEventsAsync(Api api) =>
        [.. (await api.EventsAsync()).Where(json => json.Text("type").StartsWith("checkout.session.", StringComparison.Ordinal))];
}
