using Billing.Authentication;
using Billing.Webhooks;
using DevHost.Shop;
using LocalPostgres;
using Npgsql;
using StripeSandbox;

namespace DevHost;

/// <summary>PostgreSQL, sandbox and service in one process and on one clock, started in that order and stopped in reverse.</summary>
internal sealed class DevStack : IAsyncDisposable
{
    private const string SandboxKey = "sk_test_devhost";

    private readonly Stack<IAsyncDisposable> _parts = [];
    private WebApplication? _service;

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

    /// <summary>Waits until it is cancelled.</summary>
    /// <exception cref="DevHostException">The service ended before that.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _service!.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellationToken.IsCancellationRequested)
        {
            throw new DevHostException("The service stopped by itself; its log says why.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            if (part == _service)
            {
                await _service.StopAsync();
            }
            await part.DisposeAsync();
        }
    }

    private async Task StartPartsAsync(DevHostOptions options, CancellationToken cancellationToken)
    {
        if (options.DataFolder is { } folder)
        {
            Add(FolderLock.Take(folder));
        }
        if (options.ReadyFile is { } file)
        {
            PrivateFile.Remove(file);
        }
        var kept = KeptState.Load(options.KeptFile);
        var database = await StartPostgresAsync(options, cancellationToken);
        var sandbox = options.UsesSandbox ? await StartSandboxAsync(options, cancellationToken) : null;

        var port = options.Port == 0 ? Ports.FindFree() : options.Port;
        var url = $"http://localhost:{port}";
        var stripeKey = options.StripeKey ?? SandboxKey;
        var sandboxUrl = sandbox?.Url.AbsoluteUri.TrimEnd('/');
        var setup = new StripeSetup(new Stripe.StripeClient(stripeKey, apiBase: sandboxUrl));
        var secret = options.WebhookSecret
            ?? await setup.EnsureWebhookAsync(url, EventHandlers.Types, kept, cancellationToken);

        var portal = await setup.EnsureCatalogAsync(BillingService.LoadCatalog(), cancellationToken);
        var settings = new BillingService.Settings(url, database, stripeKey, sandboxUrl, secret, portal, kept.SigningKey);
        var service = _service = Add(BillingService.Build(settings, sandbox?.Clock ?? TimeProvider.System));
        await BillingService.MigrateAsync(service, cancellationToken);
        var keys = await DemoOrg.EnsureKeysAsync(service.Services.GetRequiredService<ApiKeys>(), kept, cancellationToken);
        kept.Save(options.KeptFile);
        service.MapDemoShop(url, keys["service"], sandboxUrl);
        await BillingService.StartAsync(service, port, cancellationToken);

        Guide = new Guide
        {
            BillingUrl = url,
            SandboxUrl = sandboxUrl,
            DatabaseUrl = Guide.ToUrl(new NpgsqlConnectionStringBuilder(database)),
            WebhookSecret = secret,
            StripeApiKey = stripeKey,
            Org = DemoOrg.Id,
            Keys = keys,
            Settings = BillingService.Variables(settings),
        };
    }

    /// <returns>The connection string of the service's database.</returns>
    private async Task<string> StartPostgresAsync(DevHostOptions options, CancellationToken cancellationToken)
    {
        var server = Add(await StartServerAsync(options, cancellationToken));
        var database = options.Database;
        if (options.DataFolder is null && !server.IsStarted)
        {
            database += "_" + Guid.NewGuid().ToString("N");
            Add(new TemporaryDatabase(server, database));
        }
        if (!await server.DatabaseExistsAsync(database, cancellationToken))
        {
            await server.CreateDatabaseAsync(database, ct: cancellationToken);
        }
        return server.ConnectionString(database);
    }

    private static async Task<PostgresServer> StartServerAsync(DevHostOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await PostgresServer.StartAsync(
                new PostgresOptions { DataDirectory = options.InDataFolder("postgres"), Port = options.PostgresPort }, cancellationToken);
        }
        catch (LocalPostgresException failure) when (options.PostgresPort != 0 && Ports.IsTaken(options.PostgresPort))
        {
            throw Ports.Explain("PostgreSQL", options.PostgresPort, "--postgres-port", failure);
        }
    }

    private async Task<SandboxHost> StartSandboxAsync(DevHostOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return Add(await SandboxHost.StartAsync(
                new SandboxOptions { Url = $"http://127.0.0.1:{options.SandboxPort}", StateFile = options.InDataFolder("stripe.jsonl") },
                cancellationToken));
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or System.Net.Sockets.SocketException)
        {
            throw Ports.Explain("the sandbox", options.SandboxPort, "--sandbox-port", failure);
        }
    }

    private T Add<T>(T part) where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
