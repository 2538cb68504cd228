using System.Net;
using System.Net.Sockets;
using Billing;
using Billing.Authentication;
using Billing.Catalog;
using Billing.Persistence;
using Billing.Webhooks;
using LocalPostgres;
using Microsoft.EntityFrameworkCore;
using StripeSandbox;

namespace DevHost;

/// <summary>PostgreSQL, sandbox and service in one process and on one clock, started in that order and stopped in reverse.</summary>
internal sealed class DevStack : IAsyncDisposable
{
    private const string Database = "billing";
    private const string SandboxKey = "sk_test_devhost";

    private readonly Stack<IAsyncDisposable> _parts = [];

    private DevStack()
    {
    }

    public Guide Guide { get; private set; } = null!;

    /// <exception cref="LocalPostgresException">PostgreSQL could not be found or started.</exception>
    /// <exception cref="DevHostException">A port is taken or a folder is in use; the message says what to do.</exception>
    public static async Task<DevStack> StartAsync(DevHostOptions options, CancellationToken cancellationToken)
    {
        var stack = new DevStack();
        try
        {
            await stack.StartPartsAsync(options, cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the service stops, as on Ctrl+C.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _parts.OfType<WebApplication>().Single().WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task StartPartsAsync(DevHostOptions options, CancellationToken cancellationToken)
    {
        var kept = KeptState.Load(options.DataFolder);
        var postgres = await StartPostgresAsync(options, cancellationToken);
        var sandbox = options.UsesSandbox ? await StartSandboxAsync(options, cancellationToken) : null;

        var port = options.Port == 0 ? FreePort() : options.Port;
        var url = $"http://localhost:{port}";
        var stripeKey = options.StripeKey ?? SandboxKey;
        var stripe = new Stripe.StripeClient(stripeKey, apiBase: sandbox?.Url.AbsoluteUri.TrimEnd('/'));
        var setup = new StripeSetup(stripe);
        var secret = options.WebhookSecret
            ?? await setup.EnsureWebhookAsync(url + "/v1/billing/webhook", EventHandlers.Types, kept, cancellationToken);

        var app = BuildService(url, postgres.ConnectionString(Database), stripeKey, sandbox, secret, kept);
        await MigrateAsync(app, cancellationToken);
        await setup.EnsurePricesAsync(app.Services.GetRequiredService<PlanCatalog>(), cancellationToken);
        await DemoOrg.EnsureKeysAsync(app.Services.GetRequiredService<ApiKeys>(), kept, cancellationToken);
        kept.Save(options.DataFolder);
        await StartServiceAsync(app, port, cancellationToken);

        Guide = new Guide
        {
            BillingUrl = url,
            SandboxUrl = sandbox?.Url.AbsoluteUri.TrimEnd('/'),
            DatabaseUrl = $"postgres://postgres@{postgres.Host}:{postgres.Port}/{Database}",
            WebhookSecret = secret,
            StripeApiKey = stripeKey,
            Org = DemoOrg.Id,
            Keys = kept.Keys,
        };
    }

    private async Task<PostgresServer> StartPostgresAsync(DevHostOptions options, CancellationToken cancellationToken)
    {
        var server = Add(await PostgresServer.StartAsync(
            new PostgresOptions
            {
                DataDirectory = options.DataFolder is { } folder ? Path.GetFullPath(Path.Combine(folder, "postgres")) : null,
                Port = options.PostgresPort,
            },
            cancellationToken));
        if (!await server.DatabaseExistsAsync(Database, cancellationToken))
        {
            await server.CreateDatabaseAsync(Database, ct: cancellationToken);
        }
        return server;
    }

    private async Task<SandboxHost> StartSandboxAsync(DevHostOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return Add(await SandboxHost.StartAsync(
                new SandboxOptions
                {
                    Url = $"http://127.0.0.1:{options.SandboxPort}",
                    StateFile = options.DataFolder is { } folder ? Path.GetFullPath(Path.Combine(folder, "stripe.jsonl")) : null,
                },
                cancellationToken));
        }
        catch (IOException taken)
        {
            throw new DevHostException($"The sandbox could not start: {taken.Message} Choose another port with --sandbox-port, or --ephemeral.", taken);
        }
    }

    private WebApplication BuildService(
        string url, string database, string stripeKey, SandboxHost? sandbox, string webhookSecret, KeptState kept)
    {
        var builder = BillingApp.CreateBuilder(["--urls", url], Environments.Development);
        builder.Configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "catalog.json"));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Billing"] = database,
            ["Stripe:ApiKey"] = stripeKey,
            ["Stripe:ApiBase"] = sandbox?.Url.AbsoluteUri.TrimEnd('/'),
            ["Stripe:WebhookSecrets:0"] = webhookSecret,
            ["Billing:SigningKeys:0:Id"] = "dev1",
            ["Billing:SigningKeys:0:Secret"] = kept.SigningKey,
            ["Billing:RedirectOrigins:0"] = url,
            ["Billing:SuccessUrl"] = url + DemoPages.PaidPath,
            ["Billing:CancelUrl"] = url + DemoPages.CancelledPath,
        });
        if (sandbox is not null)
        {
            builder.Services.AddSingleton<TimeProvider>(sandbox.Clock);
        }
        var app = Add(BillingApp.Build(builder));
        app.MapDemoPages();
        return app;
    }

    private static async Task MigrateAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<BillingDb>>().CreateDbContextAsync(cancellationToken);
        await Migrator.MigrateAsync(db, cancellationToken);
    }

    private static async Task StartServiceAsync(WebApplication app, int port, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            throw new DevHostException($"Port {port} cannot be used: {taken.Message} Choose another with --port, or --ephemeral.", taken);
        }
    }

    private T Add<T>(T part) where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
