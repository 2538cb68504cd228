using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Billing;

public sealed class DunningTests
{
    private const string DeclinesLater = "4000000000000341";
    private const long Day = 86400;
    private static readonly (string, string) SevenDays = ("subscription_data[trial_period_days]", "7");

    [Fact]
    public async Task Renewal_CardDeclinesEveryAttempt_CancelsAfterTheLast()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionPaidByAsync(DeclinesLater, null, SevenDays);
        var first = subscription.Number("trial_end") + 3600;

        await sandbox.AdvanceToAsync(first + 60);
        Assert.Equal("past_due", (await api.AgainAsync(subscription)).Text("status"));
        var events = await api.EventsAsync();
        Assert.Equal(["invoice.finalized", "payment_intent.created", "charge.failed", "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed",
            "customer.subscription.updated"], events[^7..].Select(json => json.Text("type")));
        Assert.Equal("""{"status":"active"}""", events[^1]["data"]!["previous_attributes"]!.ToJsonString());
        foreach (var (attempt, at) in new[] { (1, first), (2, first + 3 * Day), (3, first + 8 * Day) })
        {
            await sandbox.AdvanceToAsync(at + 60);
            var tried = (await api.InvoicesAsync())[^1];
            Assert.Equal(("open", attempt, at + new[] { 3, 5, 7 }[attempt - 1] * Day), (tried.Text("status"), tried.Number("attempt_count"), tried.Number("next_payment_attempt")));
        }

        await sandbox.AdvanceToAsync(first + 15 * Day - 60);
        Assert.Equal("past_due", (await api.AgainAsync(subscription)).Text("status"));
        await sandbox.AdvanceToAsync(first + 15 * Day + 60);

        var ended = await api.AgainAsync(subscription);
        Assert.Equal(("canceled", "payment_failed"), (ended.Text("status"), ended["cancellation_details"]!.Text("reason")));
        Assert.Equal(["invoice.payment_failed", "customer.subscription.deleted"], (await api.EventTypesAsync())[^2..]);
        var owed = (await api.InvoicesAsync())[^1];
        Assert.Equal(("open", 4L, 2000L), (owed.Text("status"), owed.Number("attempt_count"), owed.Number("amount_remaining")));
        Assert.Null(owed["next_payment_attempt"]);
        var intent = (await api.GetAsync("/v1/payment_intents")).Data().Single();
        Assert.Equal(("requires_payment_method", "card_declined"), (intent.Text("status"), intent["last_payment_error"]!.Text("code")));
        Assert.Equal(4, (await api.GetAsync("/v1/charges")).Data().Count(charge => charge.Text("status") == "failed"));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(60));
        Assert.Equal(2, (await api.InvoicesAsync()).Length);
    }

    [Theory]
    [InlineData(AfterPaymentRetries.MarkUnpaid, "unpaid", "draft")]
    [InlineData(AfterPaymentRetries.LeavePastDue, "past_due", "open")]
    public async Task Renewal_LastAttemptFails_EndsAsTheOptionsSay(AfterPaymentRetries then, string status, string nextInvoice)
    {
        await using var sandbox = await TestSandbox.StartAsync(options => (options.AfterPaymentRetries, options.PaymentRetries) = (then, [TimeSpan.FromDays(1)]));
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionPaidByAsync(DeclinesLater, null, SevenDays);

        await sandbox.AdvanceToAsync(subscription.Number("trial_end") + 2 * Day);
        Assert.Equal(status, (await api.AgainAsync(subscription)).Text("status"));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Equal(nextInvoice, (await api.InvoicesAsync())[^1].Text("status"));

        await api.ChangeCardAsync(subscription, "pm_card_visa");
        foreach (var invoice in (await api.InvoicesAsync()).Where(invoice => invoice.Text("status") == "open"))
        {
            await api.PostAsync($"/v1/invoices/{invoice.Id()}/pay");
        }

        Assert.Equal("active", (await api.AgainAsync(subscription)).Text("status"));
    }

    [Fact]
    public async Task PastDue_InvoicePaidWithANewCard_IsActiveAgain()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var (api, subscription, invoice) = await PastDueAsync(sandbox, "pm_card_chargeCustomerFail");

        var error = (await api.RefusedAsync(402, $"/v1/invoices/{invoice.Id()}/pay")).Error;
        Assert.Equal(("card_error", "card_declined", "generic_decline"), (error.Text("type"), error.Text("code"), error.Text("decline_code")));
        // A person's attempt is seen, and disturbs no schedule.
        Assert.Equal("invoice.payment_failed", (await api.EventTypesAsync())[^1]);
        var refused = await api.GetAsync($"/v1/invoices/{invoice.Id()}");
        Assert.Equal((1L, invoice.Number("next_payment_attempt")), (refused.Number("attempt_count"), refused.Number("next_payment_attempt")));

        Assert.Equal("past_due", (await api.ChangeCardAsync(subscription, "pm_card_visa")).Text("status"));
        var paid = await api.PostAsync($"/v1/invoices/{invoice.Id()}/pay", ("expand[]", "payments"));

        Assert.Equal(("paid", 2000L, 0L), (paid.Text("status"), paid.Number("amount_paid"), paid.Number("amount_remaining")));
        Assert.Equal("paid", paid["payments"]!.Data().Single().Text("status"));
        Assert.Equal(["invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"], (await api.EventTypesAsync())[^3..]);
        Assert.Equal("active", (await api.AgainAsync(subscription)).Text("status"));
        await api.RefusedAsync(400, $"/v1/invoices/{invoice.Id()}/pay");
        await sandbox.AdvanceAsync(TimeSpan.FromDays(16));
        Assert.Equal("active", (await api.AgainAsync(subscription)).Text("status"));
    }

    [Fact]
    public async Task Pay_RefusedAndRepeatedWithItsKey_TriesOnce()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var (api, _, invoice) = await PastDueAsync(sandbox, "pm_card_chargeCustomerFail");
        var first = await api.SendAsync(HttpMethod.Post, $"/v1/invoices/{invoice.Id()}/pay", [], "pay-1");
        var events = (await api.EventTypesAsync()).Length;

        var second = await api.SendAsync(HttpMethod.Post, $"/v1/invoices/{invoice.Id()}/pay", [], "pay-1");

        Assert.Equal(402, (int)first.Status);
        Assert.Equal((402, first.Body, "true"), ((int)second.Status, second.Body, second.Header("Idempotent-Replayed")));
        Assert.Equal(events, (await api.EventTypesAsync()).Length);
    }

    [Fact]
    public async Task PastDue_CustomersNewDefaultCard_PaysTheNextAttempt()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var (api, subscription, invoice) = await PastDueAsync(sandbox, "pm_card_chargeCustomerFail");
        var card = await api.PostAsync("/v1/payment_methods/pm_card_mastercard/attach", ("customer", subscription.Text("customer")));
        await api.PostAsync($"/v1/customers/{subscription.Text("customer")}", ("invoice_settings[default_payment_method]", card.Id()));
        var waiting = await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("default_payment_method", ""));
        Assert.Null(waiting["default_payment_method"]);

        await sandbox.AdvanceToAsync(invoice.Number("next_payment_attempt") + 60);

        Assert.Equal("active", (await api.AgainAsync(subscription)).Text("status"));
        Assert.Equal(2, (await api.GetAsync($"/v1/invoices/{invoice.Id()}")).Number("attempt_count"));
    }

    [Fact]
    public async Task Renewal_CardNeedsItsOwner_AsksForAction()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var (api, _, _) = await PastDueAsync(sandbox, "pm_card_authenticationRequired");

        Assert.Equal(["invoice.payment_failed", "invoice.payment_action_required", "customer.subscription.updated"], (await api.EventTypesAsync())[^3..]);
        var intent = (await api.GetAsync("/v1/payment_intents")).Data()[0];
        Assert.Equal("authentication_required", intent["last_payment_error"]!.Text("code"));
    }

    [Fact]
    public async Task PastDue_Canceled_LeavesTheInvoiceOpenAndTriesNoMore()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var (api, subscription, invoice) = await PastDueAsync(sandbox, "pm_card_chargeCustomerFail");

        await api.DeleteAsync($"/v1/subscriptions/{subscription.Id()}");
        await sandbox.AdvanceAsync(TimeSpan.FromDays(16));

        var open = await api.GetAsync($"/v1/invoices/{invoice.Id()}");
        Assert.Equal(("open", 1L), (open.Text("status"), open.Number("attempt_count")));
        Assert.Null(open["next_payment_attempt"]);
    }

    [Theory]
    [InlineData("allow_incomplete", 200, "past_due")]
    [InlineData("error_if_incomplete", 402, "active")]
    [InlineData("pending_if_incomplete", 400, "active")]
    public async Task Upgrade_CardDeclines_FollowsThePaymentBehavior(string behavior, int answer, string status)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();
        await api.ChangeCardAsync(subscription, "pm_card_chargeCustomerFail");
        var annual = await api.PriceAsync(20000, "year");

        var answered = await api.SendAsync(HttpMethod.Post, $"/v1/subscriptions/{subscription.Id()}",
            [("items[0][id]", subscription.Item().Id()), ("items[0][price]", annual.Id()), ("payment_behavior", behavior)]);

        Assert.Equal(answer, (int)answered.Status);
        var after = await api.AgainAsync(subscription);
        Assert.Equal(status, after.Text("status"));
        Assert.Equal(answer == 200, after.Item()["price"]!.Id() == annual.Id());
        Assert.Equal(answer == 200 ? 2 : 1, (await api.InvoicesAsync()).Length);
    }

    [Fact]
    public async Task Checkout_CardThatDeclinesLaterWithoutATrial_LeavesNothing()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.SessionAsync();
        var before = await api.EventTypesAsync();

        using var declined = await api.PayAsync(session, DeclinesLater, ("email", "buyer@example.com"));

        Assert.Equal(402, (int)declined.StatusCode);
        Assert.Equal(before, await api.EventTypesAsync());
        Assert.Empty((await api.GetAsync("/v1/payment_intents")).Data());
    }

    [Fact]
    public async Task Card_ThatIsRefusedAtOnce_IsNotAttached()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var customer = await api.PostAsync("/v1/customers");

        await api.RefusedAsync(402, "/v1/payment_methods/pm_card_chargeDeclined/attach", ("customer", customer.Id()));
        await api.RefusedAsync(404, "/v1/payment_methods/pm_card_unheardOf/attach", ("customer", customer.Id()));

        Assert.Empty((await api.GetAsync($"/v1/customers/{customer.Id()}/payment_methods")).Data());
    }

    /// <summary>A subscription whose first renewal has just failed, and that renewal's invoice.</summary>
    private static async Task<(Api, JsonObject Subscription, JsonObject Invoice)> PastDueAsync(TestSandbox sandbox, string card)
    {
        var api = sandbox.NewAccount();
        var subscription = await api.ChangeCardAsync(await api.SubscriptionAsync(), card);
        await sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 3660);
        var invoice = (await api.InvoicesAsync())[^1];
        Assert.Equal("open", invoice.Text("status"));
        return (api, await api.AgainAsync(subscription), invoice);
    }
}
