using Billing.Catalog;
using Billing.Setup;
using Billing.Setup.Steps;
using Billing.Tests.World;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Billing.Tests.Setup;

/// <summary>An account of its own at a sandbox, behind a proxy that counts the calls and can break off any of them.</summary>
internal sealed class StripeAccount(FaultyStripe proxy, Uri sandbox)
{
    public const string WebhookUrl = "https://billing.example.com/v1/billing/webhook";

    private static readonly HttpClient Http = new();

    public string Key { get; } = "sk_test_" + Guid.NewGuid().ToString("N");

    /// <summary>The catalog that it is set up for; tests edit it.</summary>
    public Dictionary<string, string?> Settings { get; } = TestConfiguration.Create("", sandbox, "");

    /// <summary>The endpoints whose secrets were shown, in this order.</summary>
    public List<string> Shown { get; } = [];

    public int Calls { get; private set; }

    public int Writes { get; private set; }

    /// <summary>Past the proxy: for what a test asks and does itself.</summary>
    public Stripe.StripeClient Stripe => new(Key, apiBase: sandbox.AbsoluteUri.TrimEnd('/'));

    public async Task<IReadOnlyList<Step>> PlanAsync(SetupScope? scope = null) => await Setup().PlanAsync(scope ?? Everything, CancellationToken.None);

    /// <summary>A run as an operator starts it; the steps that changed something.</summary>
    public async Task<IReadOnlyList<Step>> SetUpAsync(SetupScope? scope = null)
    {
        (Calls, Writes) = (0, 0);
        var steps = await PlanAsync(scope);
        await Setup().ApplyAsync(steps, Show, _ => Task.CompletedTask, CancellationToken.None);
        return [.. steps.Where(step => step.Action != StepAction.Leave)];
    }

    /// <summary>A run whose call of this number, from 0, is not sent or whose answer gets lost; false: it ended before that call.</summary>
    public async Task<bool> SetUpInterruptedAsync(int number, bool afterCommit)
    {
        var (calls, struck) = (0, false);
        proxy.Intercept = call =>
        {
            struck = calls++ == number;
            if (struck && !afterCommit)
            {
                call.Abort();
            }
            return Task.FromResult(struck && !afterCommit);
        };
        proxy.LosesAnswer = _ => struck;
        try
        {
            await SetUpAsync();
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
        finally
        {
            (proxy.Intercept, proxy.LosesAnswer) = (_ => Task.FromResult(false), _ => false);
        }
    }

    /// <summary>All that the account holds, with ids.</summary>
    public async Task<string> ContentsAsync()
    {
        var lists = new[] { "products", "prices", "billing_portal/configurations", "webhook_endpoints", "events" };
        var bodies = await Task.WhenAll(lists.Select(list => GetAsync($"/v1/{list}?limit=100")));
        return string.Concat(bodies);
    }

    /// <summary>What the account sells and does, whatever the ids are.</summary>
    public async Task<IReadOnlyList<string>> MeaningAsync()
    {
        var reads = new StripeReads(Stripe);
        var archived = await new Stripe.PriceService(Stripe).ListAsync(new Stripe.PriceListOptions { Active = false, Limit = 100, Expand = ["data.product"] });
        var prices = (await reads.ActivePricesAsync(CancellationToken.None)).Concat(archived).ToDictionary(
            price => price.Id,
            price => $"{price.LookupKey} {price.UnitAmount} {price.Currency} {price.Recurring?.Interval} {price.Product!.Name} {price.Active} {Marks.PlanOf(price)}");
        var portals = (await reads.PortalsAsync(CancellationToken.None)).Select(portal =>
            $"{portal.Name} {portal.Active}: {string.Join("; ", PortalTerms.Offered(portal).Select(id => prices[id]).Order())} {string.Join(' ', PortalTerms.Differences(portal))}");
        var endpoints = (await reads.EndpointsAsync(CancellationToken.None)).Select(endpoint =>
            $"{endpoint.Url} {endpoint.Status} {endpoint.ApiVersion} {string.Join(' ', endpoint.EnabledEvents.Order())} {endpoint.Metadata.GetValueOrDefault(Marks.Secret)}");
        return [.. prices.Values.Concat(portals).Concat(endpoints).Order()];
    }

    public static SetupScope Everything => new() { WebhookUrl = WebhookUrl };

    private Task Show(Stripe.WebhookEndpoint endpoint)
    {
        Assert.StartsWith("whsec_", endpoint.Secret);
        Shown.Add(endpoint.Id);
        return Task.CompletedTask;
    }

    private AccountSetup Setup()
    {
        var options = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build().GetSection(BillingOptions.Section).Get<BillingOptions>()!;
        var client = new Stripe.StripeClient(
            Key, httpClient: new Stripe.SystemNetHttpClient(new HttpClient(new Counter(this) { InnerHandler = new SocketsHttpHandler() }), maxNetworkRetries: 0),
            apiBase: proxy.Settings["Stripe:ApiBase"]);
        return new AccountSetup(client, new PlanCatalog(Options.Create(options)));
    }

    private async Task<string> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(sandbox, path));
        request.Headers.Authorization = new("Bearer", Key);
        using var answer = await Http.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private sealed class Counter(StripeAccount account) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            account.Calls++;
            account.Writes += request.Method == HttpMethod.Get ? 0 : 1;
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A sandbox with as many accounts as a class of tests asks for.</summary>
public sealed class AccountsFixture : IAsyncLifetime
{
    private FaultyStripe _proxy = null!;

    public StripeSandbox.SandboxHost Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await StripeSandbox.SandboxHost.StartAsync(new StripeSandbox.SandboxOptions());
        _proxy = await FaultyStripe.StartAsync(Sandbox.Url);
    }

    internal StripeAccount NewAccount() => new(_proxy, Sandbox.Url);

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
