using System.Net;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Checkout;

public sealed class PageTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Page_OpenSession_ShowsWhatIsBoughtAndALabelledForm()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();

        using var page = await api.Http.GetAsync(session.Text("url"), TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("$20.00", html, StringComparison.Ordinal);
        Assert.Contains("per month", html, StringComparison.Ordinal);
        Assert.Contains("SANDBOX", html, StringComparison.Ordinal);
        foreach (var field in (string[])["email", "card_number", "exp", "cvc", "name"])
        {
            Assert.Contains($"<label for=\"{field}\"", html, StringComparison.Ordinal);
            Assert.Contains($"name=\"{field}\"", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Page_Always_ForbidsWhatIsInlineAndAllowsTheRedirectToTheShop()
    {
        var api = shared.NewAccount();
        using var page = await api.Http.GetAsync((await api.SessionAsync()).Text("url"), TestContext.Current.CancellationToken);

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' http://shop.test", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Page_CustomerWithEmail_LocksTheField()
    {
        var api = shared.NewAccount();
        var customer = await api.PostAsync("/v1/customers", ("email", "known@example.com"));
        var session = await api.SessionAsync("subscription", null, ("customer", customer.Id()));

        var html = await api.Http.GetStringAsync(session.Text("url"), TestContext.Current.CancellationToken);

        Assert.Contains("value=\"known@example.com\" readonly", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_TextFromTheShop_IsEscaped()
    {
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("name", "<script>alert(1)</script>"));
        var session = await api.SessionAsync("subscription", await api.PriceAsync(product: product.Id()), ("cancel_url", "http://shop.test/?a=\"><b>"));

        var html = await api.Http.GetStringAsync(session.Text("url"), TestContext.Current.CancellationToken);

        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"><b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_GoodCard_GoesBackToTheShopWithTheSessionId()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();

        using var paid = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"));

        Assert.Equal(HttpStatusCode.SeeOther, paid.StatusCode);
        Assert.Equal($"http://shop.test/thanks?session_id={session.Id()}", paid.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("4242 4242 4242 4241", "12/60", "123", "Your card number is incorrect.")]
    [InlineData("4242424242424242", "12/20", "123", "expiration date is in the past")]
    [InlineData("4242424242424242", "13/60", "123", "expiration date is invalid")]
    [InlineData("4242424242424242", "12/60", "12", "security code is incomplete")]
    [InlineData("", "", "", "Your card number is incorrect.")]
    public async Task Page_MistypedCard_IsRefusedInTheForm(string number, string exp, string cvc, string message)
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["card_number"] = number, ["exp"] = exp, ["cvc"] = cvc });

        using var refused = await api.Http.PostAsync(session.Text("url"), form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Contains(message, WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        Assert.Equal("open", (await api.GetAsync($"/v1/checkout/sessions/{session.Id()}")).Text("status"));
    }

    [Theory]
    [InlineData("4000000000000002", "Your card was declined.")]
    [InlineData("4000000000009995", "Your card has insufficient funds.")]
    [InlineData("4000000000009987", "Your card was declined.")]
    [InlineData("4000000000009979", "Your card was declined.")]
    [InlineData("4000000000000069", "Your card has expired.")]
    [InlineData("4000000000000127", "Your card's security code is incorrect.")]
    [InlineData("4000000000000119", "An error occurred while processing your card.")]
    [InlineData("4100000000000019", "stands for Radar, which the sandbox does not emulate")]
    public async Task Page_DecliningCard_LeavesNothingAndMayBeTriedAgain(string card, string message)
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();
        var before = await api.EventTypesAsync();

        using var declined = await api.PayAsync(session, card, ("email", "buyer@example.com"));

        Assert.Equal(HttpStatusCode.PaymentRequired, declined.StatusCode);
        Assert.Contains(message, WebUtility.HtmlDecode(await declined.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        Assert.Equal(before, await api.EventTypesAsync());
        Assert.Empty((await api.GetAsync("/v1/subscriptions?status=all")).Data());
        using var retried = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"));
        Assert.Equal(HttpStatusCode.SeeOther, retried.StatusCode);
    }

    [Fact]
    public async Task Page_SubmittedTwentyTimesAtOnce_ChargesOnce()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"))));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.SeeOther));
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single((await api.GetAsync("/v1/charges")).Data());
        Assert.Single((await api.GetAsync("/v1/subscriptions")).Data());
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Page_ExpiredSession_SaysSoAndChargesNothing()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();
        await api.PostAsync($"/v1/checkout/sessions/{session.Id()}/expire");

        using var page = await api.PayAsync(session);

        Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
        Assert.Contains("expired", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync("/v1/charges")).Data());
    }

    [Fact]
    public async Task Page_SuccessUrlBeyondAscii_StillRedirects()
    {
        var api = shared.NewAccount();
        var price = await api.PriceAsync();
        var session = await api.PostAsync("/v1/checkout/sessions", ("mode", "subscription"), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", "1"),
            ("success_url", "http://shöp.test:81/dänke?a=1&s={CHECKOUT_SESSION_ID}"));

        using var page = await api.Http.GetAsync(session.Text("url"), TestContext.Current.CancellationToken);
        using var paid = await api.PayAsync(session);

        Assert.Contains("form-action 'self' http://xn--shp-tna.test:81", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, paid.StatusCode);
        Assert.EndsWith($"/d%C3%A4nke?a=1&s={session.Id()}", paid.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }
}
