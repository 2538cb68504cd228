using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text;
using Billing.Authentication;
using Billing.Persistence;
using Billing.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using StripeSandbox;

namespace Billing.Tests.World;

/// <summary>
/// The service as it runs: the real host over HTTP on a real PostgreSQL, with the sandbox as Stripe and on the sandbox's clock.
/// Every test takes an org of its own, so tests share a world unless they stop a part of it or move its clock.
/// </summary>
public sealed class BillingWorld : IAsyncDisposable
{
    public const string StripeKey = "sk_test_billing_tests";
    public const string AppOrigin = "https://app.example.com";

    /// <summary>Signs the deliveries that tests make themselves, beside the secret of the sandbox's endpoint.</summary>
    public const string TestSecret = "whsec_signed_by_the_tests_themselves";

    private readonly List<WebApplication> _hosts = [];
    private readonly string _webhookSecret;
    private readonly Func<Task> _giveBack;
    private string? _portal;

    private BillingWorld(string connectionString, SandboxHost sandbox, Stripe.StripeClient stripe, string webhookSecret, Func<string, Task>? giveBack)
    {
        (ConnectionString, Sandbox, Stripe, _webhookSecret) = (new DatabaseOptions { Billing = connectionString }.ConnectionString, sandbox, stripe, webhookSecret);
        _giveBack = () => giveBack is null ? ClosePoolAsync() : giveBack(ConnectionString);
    }

    /// <summary>As the hosts use it, so that tests share their pool.</summary>
    public string ConnectionString { get; }

    public SandboxHost Sandbox { get; }

    public Stripe.StripeClient Stripe { get; }

    /// <summary>Where the first instance listens.</summary>
    public Uri Url => new(_hosts[0].Urls.Single());

    public EventsByHand Events => new(this);

    /// <summary>What <see cref="CapturedLog"/> knows it by.</summary>
    public string LogName { get; } = Guid.NewGuid().ToString("N");

    /// <param name="host">One of the instances; null: the first.</param>
    internal T Service<T>(Uri? host = null) where T : notnull =>
        (host is null ? _hosts[0] : _hosts.Single(app => new Uri(app.Urls.Single()) == host)).Services.GetRequiredService<T>();

    /// <param name="connectionString">A migrated database.</param>
    /// <param name="deliver">Whether the sandbox delivers its events; without it tests deliver them by hand.</param>
    /// <param name="settings">Configuration that differs from the tests' usual one.</param>
    /// <param name="startTime">What the world's clock shows first; null: the real time.</param>
    /// <param name="giveBack">Takes the database when nothing of the world uses it any more.</param>
    public static async Task<BillingWorld> StartAsync(
        string connectionString, bool deliver = true, IReadOnlyDictionary<string, string?>? settings = null, DateTimeOffset? startTime = null,
        Func<string, Task>? giveBack = null)
    {
        var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { RetryBackoff = TimeSpan.FromMilliseconds(100), StartTime = startTime });
        var stripe = new Stripe.StripeClient(StripeKey, apiBase: sandbox.Url.AbsoluteUri.TrimEnd('/'));
        var endpoint = deliver ? await CreateWebhookAsync(stripe) : null;
        var world = new BillingWorld(connectionString, sandbox, stripe, endpoint?.Secret ?? TestSecret, giveBack);
        world._portal = await SandboxCatalog.CreateAsync(stripe, world.Configuration(settings));
        await world.StartHostAsync(settings);
        if (endpoint is not null)
        {
            await new Stripe.WebhookEndpointService(stripe).UpdateAsync(
                endpoint.Id, new Stripe.WebhookEndpointUpdateOptions { Url = new Uri(world.Url, "/v1/billing/webhook").AbsoluteUri });
        }
        return world;
    }

    /// <summary>A client with the key, or without one.</summary>
    public HttpClient Client(string? key = null, Uri? host = null)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host ?? Url };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    internal async Task<string> CreateKeyAsync(Role role, string? org = null) =>
        (await Service<ApiKeys>().CreateAsync(role, org, "test", CancellationToken.None)).Key;

    /// <summary>Sends a request and reads its answer; without a body of its own a POST or PUT sends <c>{}</c>.</summary>
    public async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, string? key = null, string? json = null, string? org = null, Uri? host = null, string? authorization = null)
    {
        using var client = Client(key, host);
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post || method == HttpMethod.Put)
        {
            request.Content = new StringContent(json ?? "{}", Encoding.UTF8, "application/json");
        }
        if (org is not null)
        {
            request.Headers.Add(Caller.OrgHeader, org);
        }
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        using var response = await client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }

    internal BillingDb OpenDb() => BillingFixture.OpenDb(ConnectionString);

    /// <summary>Starts another instance of the service on the same database; its address.</summary>
    public async Task<Uri> StartSecondHostAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        await StartHostAsync(settings);
        return new Uri(_hosts[^1].Urls.Single());
    }

    /// <summary>Gives a subscription another card, by one of Stripe's names such as <c>pm_card_visa</c>.</summary>
    public async Task AttachAsync(string customer, string subscription, string card)
    {
        var attached = await PostToStripeAsync($"/v1/payment_methods/{card}/attach", new() { ["customer"] = customer });
        await PostToStripeAsync($"/v1/subscriptions/{subscription}", new() { ["default_payment_method"] = attached["id"]!.ToString() });
    }

    /// <summary>Has Stripe do something that the service never asks it for.</summary>
    public async Task<JsonNode> PostToStripeAsync(string path, Dictionary<string, string> fields)
    {
        using var client = new HttpClient { BaseAddress = Sandbox.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", StripeKey);
        using var form = new FormUrlEncodedContent(fields);
        using var response = await client.PostAsync(path, form);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer)!;
    }

    /// <summary>Stops every instance, as in a deployment; what they know is gone.</summary>
    public async Task StopHostsAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Disposing alone leaves workers running for a moment, on a database that may be another world's by then.
        await StopHostsAsync();
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
        await Sandbox.DisposeAsync();
        await _giveBack();
        var leaks = CapturedLog.TakeLeaks(LogName);
        Assert.True(leaks.Count == 0, "The log holds what must never be in one: " + string.Join('\n', leaks));
    }

    private Task ClosePoolAsync()
    {
        using var pooled = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(pooled);
        return Task.CompletedTask;
    }

    private async Task StartHostAsync(IReadOnlyDictionary<string, string?>? settings)
    {
        var builder = BillingApp.CreateBuilder(["--urls", "http://127.0.0.1:0"], Environments.Development);
        builder.Configuration.AddInMemoryCollection(Configuration(settings));
        builder.Services.AddSingleton<TimeProvider>(Sandbox.Clock);
        var host = BillingApp.Build(builder);
        _hosts.Add(host);
        await host.StartAsync();
    }

    private Dictionary<string, string?> Configuration(IReadOnlyDictionary<string, string?>? settings)
    {
        var all = TestConfiguration.Create(ConnectionString, Sandbox.Url, _webhookSecret);
        all["Stripe:PortalConfiguration"] = _portal;
        all["Serilog:Using:0"] = typeof(CapturedLog).Assembly.GetName().Name;
        all["Serilog:WriteTo:0:Name"] = nameof(CapturedLog.Captured);
        all["Serilog:WriteTo:0:Args:world"] = LogName;
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
        {
            all[key] = value;
        }
        return all;
    }

    /// <summary>The host needs the secret to start, and the endpoint the host's address: it gets that once there is one.</summary>
    private static Task<Stripe.WebhookEndpoint> CreateWebhookAsync(Stripe.StripeClient stripe) =>
        new Stripe.WebhookEndpointService(stripe).CreateAsync(new Stripe.WebhookEndpointCreateOptions
        {
            Url = "http://127.0.0.1:1/not-started-yet",
            EnabledEvents = [.. EventHandlers.Types],
            ApiVersion = global::Stripe.StripeConfiguration.ApiVersion,
        });
}
