using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Stripe.Tests.Server;

namespace Stripe.Tests.Http;

public sealed class RetryTests : StripeServerTest
{
    [Theory]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Status_Retryable_IsSentAgainUntilItSucceeds(int status)
    {
        Stripe.Reply(status, "{}").Reply(status, "{}").Ok();

        var customer = await Customers.GetAsync("cus_1", cancellationToken: Cancel);

        Assert.Equal("cus_1", customer.Id);
        Assert.Equal(3, Stripe.Requests.Length);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Status_NotRetryable_IsSentOnce(int status)
    {
        Stripe.Reply(status, "{}", ("Location", "/elsewhere")).Ok();

        var exception = await Assert.ThrowsAsync<StripeException>(() => Customers.GetAsync("cus_1", cancellationToken: Cancel));

        Assert.Equal((HttpStatusCode)status, exception.HttpStatusCode);
        Assert.Single(Stripe.Requests);
    }

    [Fact]
    public async Task ShouldRetryHeader_True_BeatsTheStatus()
    {
        Stripe.Reply(400, "{}", ("Stripe-Should-Retry", "true")).Ok();

        await Customers.GetAsync("cus_1", cancellationToken: Cancel);

        Assert.Equal(2, Stripe.Requests.Length);
    }

    [Theory]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task ShouldRetryHeader_False_BeatsTheStatus(int status)
    {
        Stripe.Reply(status, "{}", ("Stripe-Should-Retry", "false")).Ok();

        await Assert.ThrowsAsync<StripeException>(() => Customers.GetAsync("cus_1", cancellationToken: Cancel));

        Assert.Single(Stripe.Requests);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 5)]
    public async Task Retries_UsedUp_SurfaceTheLastAnswer(int retries, int attempts)
    {
        for (var i = 1; i <= attempts; i++)
        {
            Stripe.Reply(500, $$$"""{"error":{"message":"attempt {{{i}}}"}}""");
        }

        var exception = await Assert.ThrowsAsync<StripeException>(
            () => new CustomerService(Stripe.Client(retries: retries)).GetAsync("cus_1", cancellationToken: Cancel));

        Assert.Equal($"attempt {attempts}", exception.Message);
        Assert.Equal(attempts, Stripe.Requests.Length);
    }

    [Fact]
    public async Task Connection_Aborted_IsSentAgain()
    {
        Stripe.Abort().Then(AbortInsideBody).Ok();

        await Customers.GetAsync("cus_1", cancellationToken: Cancel);

        Assert.Equal(3, Stripe.Requests.Length);
    }

    [Fact]
    public async Task Connection_Refused_SurfacesRawAfterTwoRetries()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var client = new StripeClient(
            "sk_test_1", httpClient: new SystemNetHttpClient(null, 2, Stripe.Time), apiBase: $"http://127.0.0.1:{port}");

        await Assert.ThrowsAsync<HttpRequestException>(
            () => new CustomerService(client).GetAsync("cus_1", cancellationToken: Cancel));

        Assert.Equal(2, Stripe.Time.Delays.Length);
    }

    [Fact]
    public async Task Attempt_TimedOut_IsRetriedAndSurfacesAsCancellation()
    {
        for (var i = 0; i < 3; i++)
        {
            Stripe.Then(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        }

        using var impatient = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new CustomerService(Stripe.Client(via: impatient)).GetAsync("cus_1", cancellationToken: Cancel));

        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Equal(2, Stripe.Time.Delays.Length);
    }

    [Fact]
    public async Task Caller_CancelsDuringAttempt_IsNotRetried()
    {
        using var caller = new CancellationTokenSource();
        Stripe.Then(async context =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Customers.GetAsync("cus_1", cancellationToken: caller.Token));

        Assert.Single(Stripe.Requests);
        Assert.Empty(Stripe.Time.Delays);
    }

    private static async Task AbortInsideBody(HttpContext context)
    {
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("""{"id":"cus""");
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
