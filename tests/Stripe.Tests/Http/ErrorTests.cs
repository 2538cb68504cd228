using System.Net;
using Stripe.Tests.Server;

namespace Stripe.Tests.Http;

public sealed class ErrorTests : StripeServerTest
{
    [Fact]
    public async Task Error_WithStripeBody_IsMappedFieldByField()
    {
        Stripe.Reply(
            402,
            """
            {"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","param":"card",
             "message":"Your card was declined.","doc_url":"https://stripe.com/docs/error-codes/card-declined",
             "payment_intent":{"id":"pi_1"}}}
            """,
            ("Request-Id", "req_1"),
            ("Idempotency-Key", "key-1"));

        var exception = await Assert.ThrowsAsync<StripeException>(
            () => Customers.CreateAsync(new(), cancellationToken: Cancel));

        Assert.Equal(HttpStatusCode.PaymentRequired, exception.HttpStatusCode);
        Assert.Equal("Your card was declined.", exception.Message);
        var error = Assert.IsType<StripeError>(exception.StripeError);
        Assert.Equal(
            ("card_error", "card_declined", "insufficient_funds", "card"),
            (error.Type, error.Code, error.DeclineCode, error.Param));
        Assert.Equal("https://stripe.com/docs/error-codes/card-declined", error.DocUrl);
        Assert.Equal("req_1", exception.StripeResponse?.RequestId);
        Assert.Equal("key-1", exception.StripeResponse?.IdempotencyKey);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"error":"a string"}""")]
    [InlineData("""{"error":{"message":7}}""")]
    public async Task Error_WithAnotherBody_IsStillAStripeException(string body)
    {
        Stripe.Reply(400, body, ("Request-Id", "req_2"));

        var exception = await Assert.ThrowsAsync<StripeException>(() => Customers.GetAsync("cus_1", cancellationToken: Cancel));

        Assert.Equal(HttpStatusCode.BadRequest, exception.HttpStatusCode);
        Assert.Null(exception.StripeError);
        Assert.Contains("req_2", exception.Message, StringComparison.Ordinal);
        Assert.Equal(body, exception.StripeResponse?.Content);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"id":7}""")]
    [InlineData("""{"id":"\ud800"}""")]
    [InlineData("""{"id":"cus_1","created":99999999999999}""")]
    public async Task Success_WithUnreadableBody_IsAStripeException(string body)
    {
        Stripe.Ok(body);

        var exception = await Assert.ThrowsAsync<StripeException>(() => Customers.GetAsync("cus_1", cancellationToken: Cancel));

        Assert.Equal(HttpStatusCode.OK, exception.HttpStatusCode);
        Assert.Null(exception.StripeError);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(204)]
    public async Task Success_OtherThan200_IsAnError(int status)
    {
        Stripe.Then(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var exception = await Assert.ThrowsAsync<StripeException>(() => Customers.GetAsync("cus_1", cancellationToken: Cancel));

        Assert.Equal((HttpStatusCode)status, exception.HttpStatusCode);
    }

    [Fact]
    public async Task Response_OnSuccess_IsAttachedToObjectAndList()
    {
        Stripe.Reply(200, """{"id":"cus_1"}""", ("Request-Id", "req_3"), ("Date", "Sat, 01 Aug 2026 12:00:00 GMT"))
            .Reply(200, """{"object":"list","data":[{"id":"cus_1"}]}""", ("Request-Id", "req_4"));

        var customer = await Customers.GetAsync("cus_1", cancellationToken: Cancel);
        var list = await Customers.ListAsync(cancellationToken: Cancel);

        Assert.Equal("req_3", customer.StripeResponse?.RequestId);
        Assert.Equal(InstantTime.Now, customer.StripeResponse?.Date);
        Assert.Equal("req_4", list.StripeResponse?.RequestId);
        Assert.Null(list.Data[0].StripeResponse);
    }
}
