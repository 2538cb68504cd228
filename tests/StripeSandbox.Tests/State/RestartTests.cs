using System.Text.Json.Nodes;
using StripeSandbox.Tests.Reversals;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.State;

public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sandbox-tests-").FullName;

    private string File => Path.Combine(_folder, "state.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Restart_WithAStateFile_KeepsEverything()
    {
        JsonObject subscription;
        string[] events;
        string customer;
        long now;
        await using (var sandbox = await StartAsync())
        {
            var api = sandbox.Account("sk_test_keeper");
            subscription = await api.SubscriptionAsync();
            customer = (await api.SendAsync(HttpMethod.Post, "/v1/customers", [("name", "Kept")], "key")).Ok().Id();
            await sandbox.AdvanceAsync(TimeSpan.FromDays(3));
            (events, now) = (await api.EventTypesAsync(), sandbox.Now);
        }
        await using var again = await StartAsync();
        var back = again.Account("sk_test_keeper");

        Assert.Equal(subscription.ToJsonString(), (await back.GetAsync($"/v1/subscriptions/{subscription.Id()}")).ToJsonString());
        Assert.Equal(events, await back.EventTypesAsync());
        Assert.True(again.Now >= now);
        Assert.Equal(404, (int)(await again.Account("sk_test_other").SendAsync(HttpMethod.Get, $"/v1/customers/{customer}")).Status);
    }

    [Fact]
    public async Task Restart_WithinADay_KeepsIdempotencyKeys()
    {
        string customer;
        await using (var sandbox = await StartAsync())
        {
            customer = (await sandbox.Account("sk_test_keeper").SendAsync(HttpMethod.Post, "/v1/customers", [("name", "Kept")], "key")).Ok().Id();
        }

        await using var again = await StartAsync();

        var replayed = await again.Account("sk_test_keeper").SendAsync(HttpMethod.Post, "/v1/customers", [("name", "Kept")], "key");

        Assert.Equal(customer, replayed.Ok().Id());
        Assert.Equal("true", replayed.Header("Idempotent-Replayed"));
    }

    [Fact]
    public async Task Restart_TornLastLine_LosesOnlyThatCommit()
    {
        await using (var sandbox = await StartAsync())
        {
            await sandbox.Account("sk_test_keeper").PostAsync("/v1/customers", ("name", "Whole"));
            await sandbox.Account("sk_test_keeper").PostAsync("/v1/customers", ("name", "Torn"));
        }
        var bytes = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllBytesAsync(File, bytes[..^40], TestContext.Current.CancellationToken);
        await using (var sandbox = await StartAsync())
        {
            var customers = (await sandbox.Account("sk_test_keeper").GetAsync("/v1/customers")).Data();
            Assert.Equal("Whole", customers.Single().Text("name"));
            await sandbox.Account("sk_test_keeper").PostAsync("/v1/customers", ("name", "After"));
        }
        await using var last = await StartAsync();
        Assert.Equal(["After", "Whole"], (await last.Account("sk_test_keeper").GetAsync("/v1/customers")).Data().Select(customer => customer.Text("name")));
    }

    [Fact]
    public async Task Restart_DamageInTheMiddle_StopsTheStart()
    {
        await using (var sandbox = await StartAsync())
        {
            await sandbox.Account("sk_test_keeper").PostAsync("/v1/customers");
        }

        await System.IO.File.AppendAllTextAsync(File, "{damage\n{}\n", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(StartAsync);

        Assert.Contains("is damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FileOfARunningSandbox_IsRefused()
    {
        await using var sandbox = await StartAsync();
        await Assert.ThrowsAnyAsync<IOException>(StartAsync);
    }

    [Fact]
    public async Task Restart_DeliveryNotYetAccepted_GoesOn()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answering = _ => Task.FromResult(503);
        await using (var sandbox = await TestSandbox.StartAsync(options => (options.StateFile, options.RetryBackoff, options.RetryBackoffCap) = (File, TimeSpan.FromHours(1), TimeSpan.FromHours(2))))
        {
            var api = sandbox.Account("sk_test_keeper");
            await receiver.RegisterAsync(api);
            await api.PostAsync("/v1/customers");
            await receiver.HasAsync(1);
        }
        receiver.Answering = _ => Task.FromResult(200);
        await using var again = await StartAsync();

        await receiver.HasAsync(2);

        Assert.Equal(receiver.Received[0].Event.Id(), receiver.Received[1].Event.Id());
        await Eventually.HoldsAsync(async () => (await again.Account("sk_test_keeper").EventsAsync())[0].Number("pending_webhooks") == 0, "the event counts as delivered");
    }

    [Fact]
    public async Task Restart_SessionExpiredMeanwhile_ExpiresAtOnce()
    {
        string id;
        await using (var sandbox = await StartAsync())
        {
            id = (await sandbox.Account("sk_test_keeper").SessionAsync()).Id();
        }

        await using var again = await TestSandbox.StartAsync(options => (options.StateFile, options.StartTime) = (File, TimeProvider.System.GetUtcNow().AddDays(2)));

        await Eventually.HoldsAsync(async () => (await again.Account("sk_test_keeper").GetAsync($"/v1/checkout/sessions/{id}")).Text("status") == "expired", "the session expired");
    }

    [Fact]
    public async Task Restart_RefundsAndDisputesPending_SettleThen()
    {
        JsonObject bouncing, disputed;
        string answered, now;
        await using (var sandbox = await StartAsync())
        {
            var api = sandbox.Account("sk_test_keeper");
            bouncing = await api.ChargeAsync("4000000000005126");
            await api.RefundAsync(bouncing);
            disputed = await api.ChargeAsync("4000000000001976");
            answered = (await api.DisputeAsync(await api.ChargeAsync())).Id();
            now = (await api.PostAsync($"/v1/disputes/{answered}", ("evidence[uncategorized_text]", "winning_evidence"))).Text("status");
        }
        Assert.Equal("under_review", now);

        await using var again = await TestSandbox.StartAsync(options => (options.StateFile, options.StartTime) = (File, TimeProvider.System.GetUtcNow().AddHours(1)));

        var back = again.Account("sk_test_keeper");
        await Eventually.HoldsAsync(async () => (await back.ChargeAgainAsync(bouncing)).Number("amount_refunded") == 0
            && (await back.ChargeAgainAsync(disputed)).Flag("disputed")
            && (await back.GetAsync($"/v1/disputes/{answered}")).Text("status") == "won", "the refund bounced, the charge was disputed, the dispute won");
        Assert.Equal("failed", (await back.GetAsync("/v1/refunds")).Data().Single().Text("status"));
    }

    [Fact]
    public async Task Restart_MonthsLater_CatchesUpWithWhatWasScheduled()
    {
        JsonObject good, bad;
        await using (var sandbox = await StartAsync())
        {
            var api = sandbox.Account("sk_test_keeper");
            good = await api.SubscriptionAsync(await api.PriceAsync(4000), ("subscription_data[trial_period_days]", "7"));
            bad = await api.SubscriptionPaidByAsync("4000000000000341", null, ("subscription_data[trial_period_days]", "7"));
            // Stopped with one retry behind, more ahead.
            await sandbox.AdvanceToAsync(bad.Number("trial_end") + 4 * 86400);
            Assert.Equal("past_due", (await api.AgainAsync(bad)).Text("status"));
        }
        var trialEnd = DateTimeOffset.FromUnixTimeSeconds(good.Number("trial_end"));

        await using var again = await TestSandbox.StartAsync(options => (options.StateFile, options.StartTime) = (File, trialEnd.AddMonths(3).AddDays(1)));

        var back = again.Account("sk_test_keeper");
        await Eventually.HoldsAsync(async () => (await InvoicesOfAsync(back, good)) is [.., var last] && last.Number("period_end") == trialEnd.AddMonths(3).ToUnixTimeSeconds()
            && last.Text("status") == "paid", "the third month was paid");
        var periods = (await InvoicesOfAsync(back, good)).Select(invoice => invoice["lines"]!.Data().Single()["period"]!).ToArray();
        Assert.Equal(5, periods.Length);
        Assert.All(periods.Zip(periods[1..]), pair => Assert.Equal(pair.First.Number("end"), pair.Second.Number("start")));
        var ended = await back.AgainAsync(bad);
        Assert.Equal(("canceled", "payment_failed"), (ended.Text("status"), ended["cancellation_details"]!.Text("reason")));
        Assert.Equal(4, (await InvoicesOfAsync(back, bad))[^1].Number("attempt_count"));
    }

    private static async Task<JsonObject[]> InvoicesOfAsync(Api api, JsonObject subscription) =>
        [.. (await api.GetAsync($"/v1/invoices?subscription={subscription.Id()}")).Data().Reverse()];

    private Task<TestSandbox> StartAsync() => TestSandbox.StartAsync(options => options.StateFile = File);
}
