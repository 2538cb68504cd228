using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevHost.Tests.World;
using Microsoft.Playwright;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // one clock for all
[assembly: AssemblyFixture(typeof(Browser.Tests.World.Shop))]

namespace Browser.Tests.World;

/// <summary>A DevHost and a browser, for all tests: each visits with a window and an org of its own.</summary>
public sealed class Shop : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal RunningDevHost Host { get; private set; } = null!;

    internal string Address => Host.Ready.BillingUrl + "/demo";

    internal string ControlAddress => Host.Ready.SandboxUrl + "/_sandbox";

    public async ValueTask InitializeAsync()
    {
        Host = await RunningDevHost.StartAsync(_folder, ["--ephemeral"]);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [], // Chromium's own refuses root
        });
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
    }

    /// <summary>A visit in a new window. Whatever the browser complains about meanwhile fails it.</summary>
    internal async Task VisitAsync(Func<Visitor, Task> visit, Look? look = null)
    {
        await using var context = await _browser!.NewContextAsync((look ?? Look.Default).Options());
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var visitor = new Visitor(this, context, await context.NewPageAsync());
        try
        {
            await visit(visitor);
        }
        catch
        {
            await visitor.Page.ScreenshotAsync(new() { Path = Artifacts.File($"failed-{TestContext.Current.TestMethod?.MethodName}.png"), FullPage = true });
            throw;
        }
        visitor.Complaints.AssertNone();
    }

    /// <summary>Moves the sandbox's clock, and with it the service's; its webhooks have been attempted then.</summary>
    internal async Task AdvanceAsync(TimeSpan by)
    {
        using var answer = await _http.PostAsJsonAsync($"{ControlAddress}/clock/advance", new { seconds = (long)by.TotalSeconds }, Eventually.Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Eventually.Ct));
    }

    /// <summary>A code that takes so much off the first payment, made at Stripe as a shop's people would.</summary>
    internal async Task<string> MakePromotionCodeAsync(int percentOff)
    {
        var code = "SAVE" + Guid.NewGuid().ToString("N")[..8].ToUpperInvariant();
        var coupon = await StripeAsync("coupons", new() { ["percent_off"] = $"{percentOff}", ["duration"] = "once" });
        await StripeAsync("promotion_codes", new() { ["promotion[type]"] = "coupon", ["promotion[coupon]"] = (string)coupon["id"]!, ["code"] = code });
        return code;
    }

    /// <summary>How many subscriptions the org has at Stripe, of any state.</summary>
    internal async Task<int> SubscriptionsOfAsync(string org)
    {
        var all = await new Stripe.SubscriptionService(Host.Stripe).ListAsync(
            new Stripe.SubscriptionListOptions { Status = "all", Limit = 100 }, cancellationToken: Eventually.Ct);
        return all.Data.Count(subscription => subscription.Metadata.ContainsValue(org));
    }

    private async Task<JsonObject> StripeAsync(string resource, Dictionary<string, string> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Host.Ready.SandboxUrl}/v1/{resource}") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = new("Bearer", Host.Ready.StripeApiKey);
        using var answer = await _http.SendAsync(request, Eventually.Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Eventually.Ct));
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Eventually.Ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
        _playwright?.Dispose();
        _http.Dispose();
        await Host.StopAsync("TERM");
        await Host.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
