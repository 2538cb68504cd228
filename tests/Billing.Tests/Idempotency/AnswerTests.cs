using Billing.Api;
using Billing.Idempotency;
using Billing.Tests.World;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Idempotency;

/// <summary>Which answers are stored, on a host with an endpoint that answers what the test says.</summary>
public sealed class AnswerTests(AnswerProbe probe) : IClassFixture<AnswerProbe>
{
    private readonly BillingWorld _world = probe.World;

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(402)]
    [InlineData(409)]
    public async Task Answer_ThatDecides_IsStored(int status)
    {
        var (org, key) = (await TestOrg.CreateAsync(_world), KeyedClient.NewKey());
        var runs = probe.Answer(() => status < 400 ? Success(status) : Error(status));

        var first = await probe.PostAsync(org, key);
        var second = await probe.PostAsync(org, key);

        Assert.Equal((status, false, 1), (first.Status, first.IsReplay, runs.Count));
        second.AssertReplays(first);
    }

    [Theory]
    [InlineData("202")]
    [InlineData("409 for now")]
    [InlineData("429 for now")]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("503")]
    [InlineData("not to be stored")]
    [InlineData("thrown")]
    public async Task Answer_ThatDoesNotDecide_IsNotStored_AndTheKeyStaysWithItsRequest(string kind)
    {
        var (org, key) = (await TestOrg.CreateAsync(_world), KeyedClient.NewKey());
        var runs = probe.Answer(() => kind switch
        {
            "202" => Success(202),
            "409 for now" => Error(409, TimeSpan.FromSeconds(1)),
            "429 for now" => Error(429, TimeSpan.FromSeconds(1)),
            "not to be stored" => Success(200).Unstored(),
            "thrown" => throw new TimeoutException(kind),
            _ => Error(int.Parse(kind)),
        });
        var first = await probe.PostAsync(org, key);
        Assert.Equal(422, (await probe.PostAsync(org, key, "team")).Status);

        probe.Answer(() => Success(200), runs);
        var second = await probe.PostAsync(org, key);

        Assert.Equal((200, false, 2), (second.Status, second.IsReplay, runs.Count));
        Assert.False(first.IsReplay);
        (await probe.PostAsync(org, key)).AssertReplays(second);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(404, true)]
    public async Task Refusal_IsNotStored_AndFreesTheKey(int status, bool thrown)
    {
        var (org, key) = (await TestOrg.CreateAsync(_world), KeyedClient.NewKey());
        probe.Answer(() => thrown ? throw new ApiException(ErrorOf(status)) : Error(status));
        Assert.Equal(status, (await probe.PostAsync(org, key)).Status);

        probe.Answer(() => Success(200));
        Assert.Equal(200, (await probe.PostAsync(org, key, "team")).Status);
    }

    [Fact]
    public async Task Lease_TakenOver_TheFormerOwnersAnswerIsNotStored()
    {
        var (org, key) = (await TestOrg.CreateAsync(_world), KeyedClient.NewKey());
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        probe.AnswerAsync(async _ =>
        {
            reached.SetResult();
            await goOn.Task;
            return TypedResults.Ok("late");
        });
        var late = probe.PostAsync(org, key);
        await reached.Task;
        Assert.True((await probe.PostAsync(org, key)).IsInProgress);
        await using (var db = _world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE idempotency_keys SET lease_until = clock_timestamp() - interval '1 s' WHERE org_id = {org.Id}");
        }

        probe.Answer(() => TypedResults.Ok("in time"));
        var counts = await probe.PostAsync(org, key);
        goOn.SetResult();

        Assert.Equal((503, "UNAVAILABLE"), ((await late).Status, (await late)["error.code"]));
        Assert.Equal((200, "in time"), (counts.Status, counts.Api.Body!.ToString()));
        (await probe.PostAsync(org, key)).AssertReplays(counts);
    }

    [Fact]
    public async Task Client_HangsUpBeforeTheAnswer_ItsRetryGetsIt()
    {
        var (org, key) = (await TestOrg.CreateAsync(_world), KeyedClient.NewKey());
        var reached = new TaskCompletionSource();
        probe.AnswerAsync(async http =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return TypedResults.Ok("nobody listens");
        });
        using var patience = new CancellationTokenSource();
        var hungUp = probe.PostAsync(org, key, cancellationToken: patience.Token);
        await reached.Task;
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hungUp);

        var retry = await Eventually.Async(() => probe.PostAsync(org, key), answer => !answer.IsInProgress, "the first run ends");

        Assert.Equal((200, "nobody listens", true), (retry.Status, retry.Api.Body!.ToString(), retry.IsReplay));
    }

    private static IResult Success(int status) => status == 204 ? TypedResults.NoContent() : TypedResults.Json(new { made = status }, statusCode: status);

    private static ErrorResult Error(int status, TimeSpan? retryAfter = null) => new(ErrorOf(status) with { RetryAfter = retryAfter });

    private static ApiError ErrorOf(int status) => new(status, "MADE_UP", "Made up by a test.");
}
