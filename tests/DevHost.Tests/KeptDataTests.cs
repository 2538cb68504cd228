using DevHost.Tests.World;

namespace DevHost.Tests;

/// <summary>What is kept between two runs on the same folder, however the first one ended.</summary>
public sealed class KeptDataTests
{
    [Fact]
    public async Task StoppedAndStartedAgain_OnOtherPorts_GoesOnWhereItWas_AndMovesItsWebhookEndpointAndNoOther()
    {
        await using var folder = new TemporaryFolder();
        await using var first = await StartAsync(folder);
        await first.Billing.BuyProAsync();
        var bought = await first.Billing.StatusAsync();
        var postgres = await PostgresOf.FindAsync(first.Ready);
        await new Stripe.WebhookEndpointService(first.Stripe).CreateAsync(
            new Stripe.WebhookEndpointCreateOptions { Url = "http://localhost:1/mine", EnabledEvents = ["*"] }, cancellationToken: Eventually.Ct);

        Assert.Equal(0, await first.StopAsync("INT"));

        Assert.False(postgres.Runs);
        await using var second = await StartAsync(folder);
        Assert.Equal(first.Ready.Keys, second.Ready.Keys);
        Assert.Equal((string)first.Ready.Json["webhook_secret"]!, (string)second.Ready.Json["webhook_secret"]!);
        Assert.Equal(bought.ToJsonString(), (await second.Billing.StatusAsync()).ToJsonString());
        var endpoints = await new Stripe.WebhookEndpointService(second.Stripe).ListAsync(cancellationToken: Eventually.Ct);
        Assert.NotEqual(first.Ready.BillingUrl, second.Ready.BillingUrl);
        Assert.Equal(
            ["http://localhost:1/mine", second.Ready.BillingUrl + "/v1/billing/webhook"], endpoints.Data.Select(endpoint => endpoint.Url).Order());
        await AssertCancellingAtStripeArrivesAsync(second);
    }

    [Fact]
    public async Task Killed_AfterAPurchase_StartedAgainAtOnce_WaitsForItsPredecessorsServerAndHasIt()
    {
        await using var folder = new TemporaryFolder();
        string[] samePorts =
        [
            "--data", ".devdata",
            "--port", $"{Ports.FindFree()}", "--sandbox-port", $"{Ports.FindFree()}", "--postgres-port", $"{Ports.FindFree()}",
        ];
        await using var first = await RunningDevHost.StartAsync(folder, samePorts);
        await first.Billing.BuyProAsync();

        await first.StopAsync("KILL");

        await using var second = await RunningDevHost.StartAsync(folder, samePorts);
        Assert.Equal(first.Ready.Json.ToJsonString(), second.Ready.Json.ToJsonString());
        Assert.Equal("pro", await second.Billing.PlanAsync());
        await AssertCancellingAtStripeArrivesAsync(second);

        var postgres = await PostgresOf.FindAsync(second.Ready);
        await second.StopAsync("KILL");
        await Eventually.TrueAsync(() => !postgres.Runs, "PostgreSQL is gone");
    }

    [Fact]
    public async Task FilesWithKeys_Written_AreForTheirOwnerOnly()
    {
        await using var folder = new TemporaryFolder();
        // One that is there with another mode is replaced.
        await File.WriteAllTextAsync(folder["ready.json.new"], "", Eventually.Ct);

        await using var host = await StartAsync(folder);

        Assert.All(
            [folder["ready.json"], folder[".devdata/env"], folder[".devdata/state.json"]],
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.DoesNotContain("ready.json.new", folder.Content);
    }

    private static Task<RunningDevHost> StartAsync(TemporaryFolder folder) =>
        RunningDevHost.StartAsync(folder, RunningDevHost.Keeping(".devdata"));

    private static async Task AssertCancellingAtStripeArrivesAsync(RunningDevHost host)
    {
        var subscriptions = new Stripe.SubscriptionService(host.Stripe);
        var subscription = Assert.Single((await subscriptions.ListAsync(cancellationToken: Eventually.Ct)).Data);
        Assert.Equal("active", subscription.Status);

        await subscriptions.CancelAsync(subscription.Id, cancellationToken: Eventually.Ct);

        await host.Billing.ReachesPlanAsync("free");
    }
}
