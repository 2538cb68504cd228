using Billing.Authentication;
using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>The calls of five published billing APIs, as their clients write them. Each must work here.</summary>
public sealed class YardstickTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Theory]
    [InlineData("", "monthly", 2900)]
    [InlineData("/checkout", "monthly", 2900)]
    [InlineData("/checkout", "yearly", 29000)]
    public async Task Checkout_WithPlanIdAndBillingCycle_AnswersUrlAndSessionId(string path, string cycle, long amount)
    {
        var org = await TestOrg.CreateAsync(_world);
        var answer = await org.PostAsync("/v1/billing" + path, $$"""{"plan_id":"pro","billing_cycle":"{{cycle}}"}""");
        Assert.Equal(200, answer.Status);
        Assert.StartsWith("http", answer["url"]);
        var session = await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(answer["session_id"]!);
        Assert.Equal(amount, session.AmountTotal);
    }

    [Fact]
    public async Task Checkout_SameIdempotencyKey_AnswersTheSameSession()
    {
        var org = await TestOrg.CreateAsync(_world);
        using var client = _world.Client(org.OwnerKey);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "order-7");
        var answers = new List<ApiAnswer>();
        for (var i = 0; i < 2; i++)
        {
            using var json = new StringContent("""{"plan_id":"pro","billing_cycle":"monthly"}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/v1/billing/checkout", json);
            answers.Add(await ApiAnswer.ReadAsync(response));
        }
        Assert.Equal((200, answers[0]["session_id"]), (answers[1].Status, answers[1]["session_id"]));
        Assert.Equal("true", answers[1].Headers.GetValues("Idempotent-Replayed").Single());
    }

    [Fact]
    public async Task Checkout_UpgradingASubscribedOrg_AnswersAUrlToo()
    {
        var org = await SubscribedAsync();
        var answer = await org.PostAsync("/v1/billing", """{"plan_id":"team","billing_cycle":"monthly"}""");
        Assert.Equal((200, "plan_change", null, null), (answer.Status, answer["kind"], answer["session_id"], answer["expires_at"]));
        Assert.StartsWith("http", answer["url"]);
    }

    [Theory]
    [InlineData(Role.Member, 403)]
    [InlineData(Role.Admin, 403)]
    [InlineData(Role.Owner, 200)]
    public async Task Checkout_WithPlanIntervalAndCamelCaseUrls_IsForOwnersOnly(object role, int status)
    {
        var org = await TestOrg.CreateAsync(_world);
        var json = """{"plan":"team","interval":"annual","successUrl":"https://app.example.com/ok","cancelUrl":"https://app.example.com/no"}""";
        var answer = await org.As(await _world.CreateKeyAsync((Role)role, org.Id)).PostAsync("/v1/billing/checkout", json);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 403 ? "FORBIDDEN" : null, answer["error.code"]);
    }

    [Fact]
    public async Task Activate_AfterPayment_AnswersSuccessAndThePaidPlan()
    {
        var org = await TestOrg.CreateAsync(_world);
        var (sessionId, _) = await org.BuyAsync("pro");
        var answer = await org.PostAsync("/v1/billing/activate", $$"""{"session_id":"{{sessionId}}"}""");
        Assert.Equal((200, "true", "pro"), (answer.Status, answer["success"], answer["plan"]));
    }

    [Fact]
    public async Task Checkout_WithATier_AnswersACheckoutUrl_AndMakesTheCustomerOnFirstUse()
    {
        var org = await TestOrg.CreateAsync(_world);
        var answer = await org.PostAsync("/v1/billing/checkout", """{"tier":"pro"}""");
        Assert.Equal(200, answer.Status);
        Assert.StartsWith("http", answer["checkout_url"]);
        var session = await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(answer["session_id"]!);
        var customer = await new Stripe.CustomerService(_world.Stripe).GetAsync(session.CustomerId!);
        Assert.Equal(org.Id, customer.Metadata["billing_org"]);
    }

    [Fact]
    public async Task Status_OfAFreeOrg_IsFreeAndNulls()
    {
        var org = await TestOrg.CreateAsync(_world);
        var answer = await org.GetAsync("");
        Assert.Equal(("free", null, null, null),
            (answer["plan"], answer["status"], answer["current_period_end"], answer["cancel_at_period_end"]));
    }

    [Fact]
    public async Task Portal_OfAnOrgWithoutBillingHistory_IsA400()
    {
        var org = await TestOrg.CreateAsync(_world);
        var answer = await org.CallAsync("/portal", new { });
        Assert.Equal((400, "NO_BILLING_HISTORY"), (answer.Status, answer["error.code"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"returnUrl":"https://app.example.com/billing"}""")]
    public async Task Portal_OfAnOrgThatBought_AnswersAPortalUrl(string? json)
    {
        var org = await SubscribedAsync();
        using var client = _world.Client(await _world.CreateKeyAsync(Role.Admin, org.Id));
        using var content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/billing/portal", content);
        var answer = await ApiAnswer.ReadAsync(response);
        Assert.Equal((200, answer["url"]), (answer.Status, answer["portal_url"]));
        Assert.StartsWith("http", answer["portal_url"]);
    }

    [Fact]
    public async Task Webhooks_AtThePluralPath_ActivateUpdateFailAndEnd_AndDuplicatesAreIgnored()
    {
        var world = fixture.SilentWorld;
        var org = await TestOrg.CreateAsync(world);
        var bought = await org.BuyUndeliveredAsync();
        var completed = bought.Single(e => e["type"]!.ToString() == "checkout.session.completed");
        await DeliverAsync(completed);
        await DeliverAsync(completed);
        await org.EventuallyAsync("plan", "pro");
        var subscription = await world.Events.GetAsync("/v1/subscriptions/" + completed["data"]!["object"]!["subscription"]);
        var invoice = await world.Events.GetAsync("/v1/invoices/" + subscription["latest_invoice"]);

        // Reads of Stripe are as of their second; what Stripe says later is newer.
        var later = world.Sandbox.Clock.GetUtcNow().AddSeconds(30);
        await DeliverAsync(EventsByHand.Event("invoice.payment_failed", invoice, later));
        subscription["status"] = "past_due";
        await DeliverAsync(EventsByHand.Event("customer.subscription.updated", subscription, later.AddSeconds(30)));
        await org.EventuallyAsync("status", "past_due");
        subscription["status"] = "canceled";
        await DeliverAsync(EventsByHand.Event("customer.subscription.deleted", subscription, later.AddSeconds(60)));
        Assert.Equal("free", (await org.StatusAsync())["plan"]);

        async Task DeliverAsync(System.Text.Json.Nodes.JsonNode e)
        {
            var json = e.ToJsonString();
            var header = Stripe.EventUtility.GenerateSignatureHeader(
                json, BillingWorld.TestSecret, world.Sandbox.Clock.GetUtcNow().ToUnixTimeSeconds());
            var answer = await world.Events.DeliverAsync(json, header, "/v1/billing/webhooks");
            Assert.Equal((200, "true"), (answer.Status, answer["received"]));
        }
    }

    [Fact]
    public async Task Checkout_WithUrlsOnly_SellsTheDefaultPlan_AndAPriceIdIsRefused()
    {
        var host = await _world.StartSecondHostAsync(new Dictionary<string, string?> { ["Billing:DefaultPlan"] = "pro" });
        var org = await TestOrg.CreateAsync(_world);
        var json = """{"success_url":"https://app.example.com/ok","cancel_url":"https://app.example.com/no"}""";
        var answer = await org.PostAsync("/v1/billing/checkout", json, host: host);
        Assert.Equal(200, answer.Status);
        Assert.Equal(2900, (await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(answer["session_id"]!)).AmountTotal);

        var refused = await org.PostAsync("/v1/billing/checkout", """{"price_id":"price_cheap","success_url":"x"}""", host: host);
        Assert.Equal((400, "price_id", "unknown_field"),
            (refused.Status, refused["error.details.errors.0.path"], refused["error.details.errors.0.code"]));
        Assert.NotEmpty(refused["error.details.errors.0.message"]!);
    }

    [Fact]
    public async Task TopUp_PackOrCredits_NeverBoth_AndCreditsAreShown()
    {
        var org = await TestOrg.CreateAsync(_world);
        Assert.Equal((200, "500"), await TopUpAsync("""{"pack":"small"}"""));
        Assert.Equal((200, "500"), await TopUpAsync("""{"credits":500}"""));
        Assert.Equal((400, null), await TopUpAsync("""{"pack":"small","credits":500}"""));
        Assert.Equal("0", (await org.GetAsync("/credits"))["balance"]);

        async Task<(int, string?)> TopUpAsync(string json)
        {
            var answer = await org.PostAsync("/v1/billing/topup", json);
            return (answer.Status, answer["credits"]);
        }
    }

    [Fact]
    public async Task Error_OfAnyKind_CarriesItsCodeAndTheRequestsId()
    {
        var org = await TestOrg.CreateAsync(_world);
        var answer = await org.As("not-a-key").PostAsync("/v1/billing/checkout", """{"plan":"pro"}""");
        Assert.Equal((401, "false", "AUTH_ERROR"), (answer.Status, answer["success"], answer["error.code"]));
        Assert.Equal(answer["metadata.request_id"], answer.Headers.GetValues("X-Request-Id").Single());
        Assert.NotNull(answer["metadata.timestamp"]);
    }

    private async Task<TestOrg> SubscribedAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);
        return org;
    }
}
