using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>A session that Stripe may have made before it failed or refused: it is found, and there never are two.</summary>
public sealed class CheckoutRetryTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;
    private FaultyStripe _stripe = null!;
    private Uri _host = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await fixture.StartWorldAsync(deliver: false);
        _stripe = await FaultyStripe.StartAsync(_world);
        _host = await _world.StartSecondHostAsync(_stripe.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stripe_ReplaysAnInternalError_TheNextTryUsesAnotherKeyAndFindsWhatWasMade(bool sessionWasMade)
    {
        var org = await TestOrg.CreateAsync(_world);
        string? burnt = null;
        _stripe.Intercept = async call =>
        {
            var key = call.Request.Headers["Idempotency-Key"].ToString();
            if (call.Request.Method != "POST" || call.Request.Path != "/v1/checkout/sessions" || (burnt is not null && burnt != key))
            {
                return false;
            }
            if (burnt is not null)
            {
                call.Response.Headers["Idempotent-Replayed"] = "true";
            }
            else if (sessionWasMade)
            {
                // It is made all the same, and only the answer says otherwise.
                using var sandbox = new HttpClient { BaseAddress = _world.Sandbox.Url };
                sandbox.DefaultRequestHeaders.Authorization = new("Bearer", BillingWorld.StripeKey);
                using var form = new StreamContent(call.Request.Body);
                form.Headers.ContentType = new("application/x-www-form-urlencoded");
                (await sandbox.PostAsync("/v1/checkout/sessions", form)).EnsureSuccessStatusCode();
            }
            burnt = key;
            return await FaultyStripe.AnswerAsync(call, 500, "api_error");
        };

        await org.CheckoutAsync(new { plan = "pro" }, _host);
        var answer = await Eventually.Async(() => org.CheckoutAsync(new { plan = "pro" }, _host), a => a.Status == 200, "a session is handed out");

        var sessions = (await _world.Events.GetAsync($"/v1/checkout/sessions?customer={await CustomerAsync(org)}"))["data"]!.AsArray();
        Assert.Equal(answer["session_id"], Assert.Single(sessions)!["id"]!.ToString());
    }

    [Theory]
    [InlineData(401, "invalid_request_error", "pro")]
    [InlineData(403, "invalid_request_error", "team")]
    [InlineData(400, "idempotency_error", "pro")]
    [InlineData(400, "idempotency_error", "team")]
    public async Task Stripe_RefusesTheRetryOfATryThatMadeASession_LeavesOneThatCanBePaid(int status, string type, string next)
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        await using (var db = _world.OpenDb())
        {
            // What a crash between Stripe's answer and our second commit leaves behind.
            await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET state = 'creating', session_id = NULL, url = NULL");
        }
        var refusals = 0;
        _stripe.Intercept = call => call.Request.Method == "POST" && call.Request.Path == "/v1/checkout/sessions" && refusals++ == 0
            ? FaultyStripe.AnswerAsync(call, status, type)
            : Task.FromResult(false);

        var answer = await org.CheckoutAsync(new { plan = next }, _host);

        Assert.Equal(200, answer.Status);
        var open = (await _world.Events.GetAsync($"/v1/checkout/sessions?status=open&customer={await CustomerAsync(org)}"))["data"]!.AsArray();
        Assert.Equal(answer["session_id"], Assert.Single(open)!["id"]!.ToString());
    }

    [Fact]
    public async Task Stripe_RefusesTheRetryAndDoesNotSayWhatTheFirstTryMade_KeepsItsKey()
    {
        var org = await TestOrg.CreateAsync(_world);
        var first = await org.CheckoutAsync(new { plan = "pro" });
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET state = 'creating', session_id = NULL, url = NULL");
        _stripe.Intercept = call => call.Request.Path == "/v1/checkout/sessions"
            ? FaultyStripe.AnswerAsync(call, 403, "invalid_request_error")
            : Task.FromResult(false);

        Assert.Equal(503, (await org.CheckoutAsync(new { plan = "team" }, _host)).Status);

        var kept = await db.CheckoutSessions.SingleAsync();
        Assert.Equal((1, CheckoutState.Creating), (kept.Attempt, kept.State));
        Assert.Equal(first["session_id"], (await org.CheckoutAsync(new { plan = "pro" }))["session_id"]);
    }

    private async Task<string> CustomerAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
    }
}
