using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Billing.StripeCalls;
using Billing.Tests.World;
using Microsoft.Extensions.Options;

namespace Billing.Tests.ReReads;

/// <summary>Background work keeps to its share of what Stripe allows, and keeps quiet when Stripe says that it was too much (FACTS A.6).</summary>
public sealed class ReReadBudgetTests(BillingFixture fixture)
{
    [Fact]
    public async Task Calls_InTheBackground_AreNoMoreThanTheBudgetAllows()
    {
        using var budget = New(perSecond: 20);
        var started = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => CallAsync(budget)));

        // 4 at once, then one each 50 ms; a timer that comes early is forgiven.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    public async Task Reads_OnASmallBudget_DoNotHoldUpABuyer()
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        var calls = new ConcurrentQueue<(string Call, long At)>();
        world.Stripe.Intercept = call =>
        {
            calls.Enqueue((ReadingWorld.IsRead(call) ? "read" : "other", TimeProvider.System.GetTimestamp()));
            return ReadingWorld.IsRead(call) ? world.AnswerAsync(call) : Task.FromResult(false);
        };
        await world.AddDueAsync(orgs: 4, ofEach: 1);
        var buyer = await TestOrg.CreateAsync(world.World);
        var host = await world.StartHostAsync(("Stripe:BackgroundRequestsPerSecond", "1"));

        Assert.Equal(200, (await buyer.CheckoutAsync(new { plan = "pro" }, host)).Status);
        await world.NoneIsDueAsync();

        var reads = calls.Where(call => call.Call == "read").ToList();
        Assert.Equal(4, reads.Count);
        // The first on what was saved up, perhaps just before the second that the next one is let in at; a timer that comes early is forgiven.
        Assert.True(TimeProvider.System.GetElapsedTime(reads[0].At, reads[^1].At) > TimeSpan.FromSeconds(1.9));
        Assert.True(calls.Last(call => call.Call == "other").At < reads[^1].At);
    }

    [Fact]
    public async Task Refusal_OfAnyCallOfTheHost_SilencesAllBackgroundWork_AsLongAsStripeAsks()
    {
        using var budget = New(perSecond: 100);
        using var refusal = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        refusal.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(2));
        await CallAsync(budget);
        Assert.False(budget.IsPaused);
        var refused = TimeProvider.System.GetTimestamp();

        budget.Note(refusal); // a buyer's call
        Assert.True(budget.IsPaused);
        await Task.WhenAll(CallAsync(budget), CallAsync(budget));

        Assert.True(TimeProvider.System.GetElapsedTime(refused) > TimeSpan.FromSeconds(1.9));
        Assert.False(budget.IsPaused);
    }

    [Fact]
    public async Task Call_RefusedAsTooMany_IsMadeAgainAfterThePause()
    {
        using var budget = New(perSecond: 100);
        var answers = new Queue<HttpStatusCode>([HttpStatusCode.TooManyRequests, HttpStatusCode.OK]);

        using var answer = await budget.SpendAsync(
            _ =>
            {
                var response = new HttpResponseMessage(answers.Dequeue());
                budget.Note(response);
                return Task.FromResult(response);
            },
            CancellationToken.None);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static StripeBudget New(int perSecond) => new(Options.Create(new StripeOptions { BackgroundRequestsPerSecond = perSecond }));

    private static async Task CallAsync(StripeBudget budget)
    {
        using var answer = await budget.SpendAsync(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)), CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
