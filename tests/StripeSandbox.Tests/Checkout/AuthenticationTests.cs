using System.Net;
using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Checkout;

/// <summary>3-D Secure: the card that asks, the step that answers, and what is left when the answer is no.</summary>
public sealed class AuthenticationTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    private const string AsksOnce = "4000002500003155";
    private const string AsksAlways = "4000002760003184";
    private const string ThenPoor = "4000008260003178";
    private const string ThenDeclined = "4000008400001629";

    [Fact]
    public async Task Card_AsksForAuthentication_LeadsToThePageThatAsks()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync("payment");

        using var sent = await api.PayAsync(session, AsksOnce, ("email", "buyer@example.com"));
        using var page = await api.Http.GetAsync(sent.Headers.Location, TestContext.Current.CancellationToken);
        var view = new PortalView(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), null, null);

        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        Assert.Equal($"/c/pay/{session.Id()}/authenticate", sent.Headers.Location!.OriginalString);
        view.Shows("a payment of $20.00");
        view.Shows("Visa ending in 3155");
        Assert.Equal([("outcome", "complete")], view.Hidden(sent.Headers.Location.OriginalString));
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}?expand[]=payment_intent");
        Assert.Equal(("open", "unpaid"), (session.Text("status"), session.Text("payment_status")));
        var intent = session["payment_intent"]!.AsObject();
        Assert.Equal("requires_action", intent.Text("status"));
        Assert.Equal("redirect_to_url", intent["next_action"]!.Text("type"));
        Assert.EndsWith(sent.Headers.Location.OriginalString, intent["next_action"]!["redirect_to_url"]!.Text("url"), StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync("/v1/charges")).Data());
        Assert.Equal(["payment_intent.created", "payment_intent.requires_action"], (await api.EventTypesAsync())[^2..]);
    }

    [Theory]
    [InlineData("payment")]
    [InlineData("subscription")]
    public async Task Complete_GoodCard_PaysOnceThroughTheSameIntent(string mode)
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync(mode);
        using var sent = await api.PayAsync(session, AsksOnce, ("email", "buyer@example.com"), ("name", "Jo Buyer"));
        var waiting = (await api.GetAsync("/v1/payment_intents")).Data().Single();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AnswerAsync(api, session, "complete")));

        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.SeeOther));
        Assert.Equal(4, answers.Count(answer => answer.Html.Contains("already paid", StringComparison.Ordinal)));
        Assert.Contains($"http://shop.test/thanks?session_id={session.Id()}", answers.Select(answer => answer.Location));
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
        Assert.Equal(("complete", "paid"), (session.Text("status"), session.Text("payment_status")));
        Assert.Equal(("buyer@example.com", "Jo Buyer"), (session["customer_details"]!.Text("email"), session["customer_details"]!.Text("name")));
        var intent = (await api.GetAsync("/v1/payment_intents")).Data().Single();
        Assert.Equal((waiting.Id(), "succeeded"), (intent.Id(), intent.Text("status")));
        Assert.Null(intent["next_action"]);
        Assert.Equal(session["customer"]?.GetValue<string>(), intent["customer"]?.GetValue<string>());
        Assert.Single((await api.GetAsync("/v1/charges")).Data());
        Assert.Equal(mode == "payment" ? intent.Id() : null, session["payment_intent"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("payment")]
    [InlineData("subscription")]
    public async Task Fail_Always_LeavesTheSessionOpenForAnotherCard(string mode)
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync(mode);
        using var sent = await api.PayAsync(session, AsksOnce, ("email", "buyer@example.com"));

        var failed = await AnswerAsync(api, session, "fail");

        Assert.Equal(HttpStatusCode.PaymentRequired, failed.Status);
        Assert.Contains("We are unable to authenticate your payment method.", failed.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"buyer@example.com\"", failed.Html, StringComparison.Ordinal);
        var intent = (await api.GetAsync("/v1/payment_intents")).Data().Single();
        Assert.Equal(("requires_payment_method", "payment_intent_authentication_failure"), (intent.Text("status"), intent["last_payment_error"]!.Text("code")));
        Assert.Null(intent["next_action"]);
        Assert.Empty((await api.GetAsync("/v1/charges")).Data());
        Assert.Empty((await api.GetAsync("/v1/subscriptions?status=all")).Data());
        Assert.Equal("open", (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("status"));
        Assert.Equal(HttpStatusCode.SeeOther, (await AnswerAsync(api, session, "complete")).Status);
        Assert.Empty((await api.GetAsync("/v1/charges")).Data());

        using var paid = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"));

        Assert.StartsWith("http://shop.test/", paid.Headers.Location!.OriginalString, StringComparison.Ordinal);
        intent = (await api.GetAsync("/v1/payment_intents")).Data().Single();
        Assert.Equal("succeeded", intent.Text("status"));
        Assert.Null(intent["last_payment_error"]);
    }

    [Theory]
    [InlineData(ThenPoor, "insufficient_funds", "Your card has insufficient funds.")]
    [InlineData(ThenDeclined, "generic_decline", "Your card was declined.")]
    public async Task Complete_CardThatIsDeclinedAllTheSame_SaysWhyAndKeepsTheFailedCharge(string card, string code, string message)
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();
        using var sent = await api.PayAsync(session, card, ("email", "buyer@example.com"));

        var declined = await AnswerAsync(api, session, "complete");

        Assert.Equal(HttpStatusCode.PaymentRequired, declined.Status);
        Assert.Contains(message, declined.Html, StringComparison.Ordinal);
        var intent = (await api.GetAsync("/v1/payment_intents")).Data().Single();
        Assert.Equal(("requires_payment_method", code), (intent.Text("status"), intent["last_payment_error"]!.Text("decline_code")));
        Assert.Equal("failed", (await api.GetAsync("/v1/charges")).Data().Single().Text("status"));
        Assert.Empty((await api.GetAsync("/v1/subscriptions?status=all")).Data());
        Assert.Empty((await api.GetAsync("/v1/customers")).Data());
        Assert.Equal("open", (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("status"));
    }

    [Theory]
    [InlineData(AsksOnce, "active")]
    [InlineData(AsksAlways, "past_due")]
    public async Task Renewal_BuyerNotThere_PaysOnlyIfTheCardWasSetUp(string card, string status)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.SessionAsync();
        using var sent = await api.PayAsync(session, card, ("email", "buyer@example.com"));
        Assert.Equal(HttpStatusCode.SeeOther, (await AnswerAsync(api, session, "complete")).Status);
        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
        Assert.Equal("paid", session.Text("payment_status"));

        await sandbox.AdvanceAsync(TimeSpan.FromDays(32));

        Assert.Equal(status, (await api.GetAsync($"/v1/subscriptions/{session.Text("subscription")}")).Text("status"));
        Assert.Equal(status == "past_due", (await api.EventTypesAsync()).Contains("invoice.payment_action_required"));
    }

    [Fact]
    public async Task Trial_CardThatAsks_IsSavedOnceConfirmed()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync("subscription", null, ("subscription_data[trial_period_days]", "7"));
        using var sent = await api.PayAsync(session, AsksOnce, ("email", "buyer@example.com"));
        Assert.Contains("who want later payments with this card", await api.Http.GetStringAsync(sent.Headers.Location, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.SeeOther, (await AnswerAsync(api, session, "complete")).Status);

        Assert.Equal("trialing", (await api.GetAsync("/v1/subscriptions")).Data().Single().Text("status"));
        Assert.Empty((await api.GetAsync("/v1/payment_intents")).Data());
    }

    [Fact]
    public async Task Expiry_WhileTheBuyerIsAsked_CancelsTheIntentAndAnswersNobody()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync("payment");
        using var sent = await api.PayAsync(session, AsksOnce);

        await api.PostAsync($"/v1/checkout/sessions/{session.Id()}/expire");

        var intent = (await api.GetAsync("/v1/payment_intents")).Data().Single();
        Assert.Equal(("canceled", "expired"), (intent.Text("status"), intent.Text("cancellation_reason")));
        Assert.Equal(HttpStatusCode.Gone, (await AnswerAsync(api, session, "complete")).Status);
        Assert.Empty((await api.GetAsync("/v1/charges")).Data());
    }

    [Fact]
    public async Task Restart_WhileTheBuyerIsAsked_LetsThemAnswer()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
        JsonObject session;
        await using (var sandbox = await TestSandbox.StartAsync(options => options.StateFile = file))
        {
            var api = sandbox.Account("sk_test_keeper");
            session = await api.SessionAsync();
            using var sent = await api.PayAsync(session, AsksAlways, ("email", "buyer@example.com"));
        }

        await using (var again = await TestSandbox.StartAsync(options => options.StateFile = file))
        {
            var api = again.Account("sk_test_keeper");
            using var content = new FormUrlEncodedContent([KeyValuePair.Create("outcome", "complete")]);
            using var paid = await api.Http.PostAsync(new Uri(session.Text("url")).AbsolutePath + "/authenticate", content, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.SeeOther, paid.StatusCode);
            Assert.Equal("paid", (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("payment_status"));
        }

        File.Delete(file);
    }

    [Fact]
    public async Task Control_CardThatAsks_CountsAsConfirmed()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.SessionAsync("payment");

        var paid = (await sandbox.ControlAsync($"checkout/sessions/{session.Id()}/pay", new JsonObject { ["card"] = AsksOnce })).Ok();

        Assert.Equal("paid", paid.Text("payment_status"));
    }

    private static async Task<(HttpStatusCode Status, string Html, string? Location)> AnswerAsync(Api api, JsonObject session, string outcome)
    {
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("outcome", outcome)]);
        using var answer = await api.Http.PostAsync(session.Text("url") + "/authenticate", content, TestContext.Current.CancellationToken);
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (answer.StatusCode, html, answer.Headers.Location?.OriginalString);
    }
}
