using System.Globalization;
using Stripe.Tests.Server;

namespace Stripe.Tests.Http;

public sealed class RetryDelayTests : StripeServerTest
{
    [Fact]
    public async Task Delays_WithoutRetryAfter_DoubleFromHalfASecondToFive()
    {
        for (var i = 0; i < 6; i++)
        {
            Stripe.Reply(500, "{}");
        }

        Stripe.Ok();

        await new CustomerService(Stripe.Client(retries: 6)).GetAsync("cus_1", cancellationToken: Cancel);

        double[] ceilings = [0.5, 1, 2, 4, 5, 5];
        Assert.Equal(ceilings.Length, Stripe.Time.Delays.Length);
        Assert.All(ceilings.Zip(Stripe.Time.Delays), pair =>
            Assert.InRange(pair.Second.TotalSeconds, Math.Max(0.5, pair.First / 2), pair.First));
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("3600", 10)]
    [InlineData("0", 0.5)]
    [InlineData("-5", 0.5)]
    [InlineData("soon", 0.5)]
    public async Task RetryAfter_On429_IsObeyedWithinBounds(string retryAfter, double seconds)
    {
        Stripe.Reply(429, "{}", ("Retry-After", retryAfter)).Ok();

        await Customers.GetAsync("cus_1", cancellationToken: Cancel);

        Assert.Equal(seconds, Assert.Single(Stripe.Time.Delays).TotalSeconds);
    }

    [Fact]
    public async Task RetryAfter_AsDate_IsMeasuredFromNow()
    {
        var date = InstantTime.Now.AddSeconds(4).ToString("r", CultureInfo.InvariantCulture);
        Stripe.Reply(429, "{}", ("Retry-After", date)).Ok();

        await Customers.GetAsync("cus_1", cancellationToken: Cancel);

        Assert.Equal(4, Assert.Single(Stripe.Time.Delays).TotalSeconds);
    }

    [Fact]
    public void Retries_Negative_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SystemNetHttpClient(maxNetworkRetries: -1));
}
