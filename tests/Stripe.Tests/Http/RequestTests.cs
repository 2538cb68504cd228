using Stripe.Tests.Server;

namespace Stripe.Tests.Http;

public sealed class RequestTests : StripeServerTest
{
    [Fact]
    public async Task Request_Any_CarriesKeyVersionAndUserAgent()
    {
        Stripe.Ok();

        await Customers.GetAsync("cus_1", cancellationToken: Cancel);

        Assert.Equal("Bearer sk_test_123", Stripe.Request.Header("Authorization"));
        Assert.Equal("2026-07-29.dahlia", Stripe.Request.Header("Stripe-Version"));
        Assert.StartsWith("Billing-Stripe/", Stripe.Request.Header("User-Agent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithOptions_SendsAFormBody()
    {
        Stripe.Ok();

        await Customers.CreateAsync(
            new() { Email = "a+b@example.com", Metadata = new() { ["org"] = "7" } }, cancellationToken: Cancel);

        Assert.Equal("POST /v1/customers", $"{Stripe.Request.Method} {Stripe.Request.Target}");
        Assert.Equal("application/x-www-form-urlencoded", Stripe.Request.Header("Content-Type"));
        Assert.Equal("email=a%2Bb%40example.com&metadata[org]=7", Stripe.Request.Body);
    }

    [Fact]
    public async Task Get_WithOptions_SendsAQuery()
    {
        Stripe.Ok("""{"object":"list","data":[],"has_more":false,"url":"/v1/customers"}""");

        await Customers.ListAsync(new() { Email = "a b@x.com", Limit = 3 }, cancellationToken: Cancel);

        Assert.Equal("/v1/customers?email=a+b%40x.com&limit=3", Stripe.Request.Target);
        Assert.Empty(Stripe.Request.Body);
    }

    [Fact]
    public async Task Delete_WithOptions_SendsAQueryAndNoBody()
    {
        Stripe.Ok("""{"id":"sub_1","object":"subscription"}""");

        await new SubscriptionService(Stripe.Client())
            .CancelAsync("sub_1", new() { InvoiceNow = true, Prorate = false }, cancellationToken: Cancel);

        Assert.Equal("DELETE", Stripe.Request.Method);
        Assert.Equal("/v1/subscriptions/sub_1?invoice_now=true&prorate=false", Stripe.Request.Target);
        Assert.Empty(Stripe.Request.Body);
    }

    [Fact]
    public async Task ApiBase_WithPathPrefix_KeepsIt()
    {
        Stripe.Ok();

        await new CustomerService(Stripe.Client(prefix: "/proxy/stripe/")).GetAsync("cus_1", cancellationToken: Cancel);

        Assert.Equal("/proxy/stripe/v1/customers/cus_1", Stripe.Request.Target);
    }

    [Fact]
    public async Task RequestOptions_KeyAndAccount_ReplaceThoseOfTheClient()
    {
        Stripe.Ok();

        await Customers.GetAsync(
            "cus_1", requestOptions: new() { ApiKey = "rk_test_9", StripeAccount = "acct_1" }, cancellationToken: Cancel);

        Assert.Equal("Bearer rk_test_9", Stripe.Request.Header("Authorization"));
        Assert.Equal("acct_1", Stripe.Request.Header("Stripe-Account"));
    }

    [Fact]
    public async Task Request_WithoutAnyKey_ThrowsBeforeSending()
    {
        var client = new StripeClient(apiBase: Stripe.Url);

        await Assert.ThrowsAsync<StripeException>(
            () => new CustomerService(client).GetAsync("cus_1", cancellationToken: Cancel));

        Assert.Empty(Stripe.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk test")]
    [InlineData("sk_test_1\n")]
    public void Client_KeyBlankOrWithWhitespace_Throws(string key) =>
        Assert.Throws<ArgumentException>(() => new StripeClient(key));

    [Theory]
    [InlineData("api.stripe.com")]
    [InlineData("ftp://api.stripe.com")]
    public void Client_BaseNotHttp_Throws(string apiBase) =>
        Assert.Throws<ArgumentException>(() => new StripeClient("sk_test_1", apiBase: apiBase));
}
