using Stripe.Tests.Server;

namespace Stripe.Tests.Http;

public sealed class IdempotencyTests : StripeServerTest
{
    [Fact]
    public async Task Post_WithoutKey_GetsAFreshGuidPerCall()
    {
        Stripe.Ok().Ok();

        await Customers.CreateAsync(new(), cancellationToken: Cancel);
        await Customers.CreateAsync(new(), cancellationToken: Cancel);

        var keys = Stripe.Requests.Select(request => Guid.Parse(request.Header("Idempotency-Key")!)).ToArray();
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Fact]
    public async Task Post_Retried_CarriesTheSameKeyAndBodyEveryTime()
    {
        Stripe.Reply(500, "{}").Abort().Ok();

        await Customers.CreateAsync(new() { Name = "N" }, cancellationToken: Cancel);

        Assert.Equal(3, Stripe.Requests.Length);
        Assert.Single(Stripe.Requests.Select(request => request.Header("Idempotency-Key")).Distinct());
        Assert.All(Stripe.Requests, request => Assert.Equal("name=N", request.Body));
    }

    [Fact]
    public async Task Post_WithKey_CarriesThatKey()
    {
        Stripe.Reply(409, "{}").Ok();

        await Customers.CreateAsync(new(), new() { IdempotencyKey = "intent-1" }, Cancel);

        Assert.Equal(["intent-1", "intent-1"], Stripe.Requests.Select(request => request.Header("Idempotency-Key")));
    }

    [Fact]
    public async Task GetAndDelete_WithoutKey_CarryNone()
    {
        Stripe.Ok().Ok();

        await Customers.GetAsync("cus_1", cancellationToken: Cancel);
        await Customers.DeleteAsync("cus_1", cancellationToken: Cancel);

        Assert.All(Stripe.Requests, request => Assert.Null(request.Header("Idempotency-Key")));
    }
}
