using System.Net.Sockets;
using Billing;
using Billing.Catalog;
using Billing.Persistence;
using DevHost.Shop;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Serilog.Extensions.Logging;

namespace DevHost;

/// <summary>The service itself, configured for one developer.</summary>
internal static class BillingService
{
    /// <param name="Url">Where it listens.</param>
    /// <param name="SandboxUrl">Null: Stripe itself.</param>
    public sealed record Settings(string Url, string Database, string StripeKey, string? SandboxUrl, string WebhookSecret, string PortalConfiguration, string SigningKey);

    private static readonly string CatalogFile = Path.Combine(AppContext.BaseDirectory, "catalog.json");

    /// <summary>The catalog that the service will sell, before there is a service: Stripe is set up for it first.</summary>
    public static PlanCatalog LoadCatalog() => new(Options.Create(LoadOptions()));

    /// <summary>What the catalog's file says: plans and top-ups, nothing else.</summary>
    public static BillingOptions LoadOptions() =>
        new ConfigurationBuilder().AddJsonFile(CatalogFile).Build().GetSection(BillingOptions.Section).Get<BillingOptions>()!;

    public static WebApplication Build(Settings settings, TimeProvider clock)
    {
        var builder = BillingApp.CreateBuilder(["--urls", settings.Url], Environments.Development);
        Configure(builder.Configuration, settings);
        builder.Configuration["Billing:CheckAtStart"] = "false"; // this program has just set all of it up
        // The guide says where it listens, and a sentence why it could not start.
        builder.Logging.AddFilter<SerilogLoggerProvider>("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter<SerilogLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddSingleton(clock);
        return BillingApp.Build(builder);
    }

    /// <summary>The same configuration as environment variables, for the service's own commands.</summary>
    public static IReadOnlyDictionary<string, string> Variables(Settings settings)
    {
        var configuration = new ConfigurationBuilder();
        Configure(configuration, settings);
        return configuration.Build().AsEnumerable().Where(pair => pair.Value is not null)
            .Select(pair => (Name: pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value))
            .Append((Name: "ASPNETCORE_ENVIRONMENT", Value: Environments.Development))
            .OrderBy(variable => variable.Name, StringComparer.Ordinal)
            .ToDictionary(variable => variable.Name, variable => variable.Value!);
    }

    private static void Configure(IConfigurationBuilder configuration, Settings settings) => configuration
        .AddJsonFile(CatalogFile)
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Billing"] = settings.Database,
            ["Stripe:ApiKey"] = settings.StripeKey,
            ["Stripe:ApiBase"] = settings.SandboxUrl,
            ["Stripe:WebhookSecrets:0"] = settings.WebhookSecret,
            ["Stripe:WebhookUrl"] = settings.Url + "/v1/billing/webhook",
            ["Stripe:PortalConfiguration"] = settings.PortalConfiguration,
            ["Billing:SigningKeys:0:Id"] = "dev1",
            ["Billing:SigningKeys:0:Secret"] = settings.SigningKey,
            ["Billing:RedirectOrigins:0"] = settings.Url,
            ["Billing:SuccessUrl"] = settings.Url + DemoShop.PaidPath,
            ["Billing:CancelUrl"] = settings.Url + DemoShop.CancelledPath,
            ["Billing:AllowPromotionCodes"] = "true",
        });

    public static async Task MigrateAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<BillingDb>>().CreateDbContextAsync(cancellationToken);
        await Migrator.MigrateAsync(db, cancellationToken);
    }

    /// <exception cref="DevHostException">The port cannot be used.</exception>
    public static async Task StartAsync(WebApplication app, int port, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw Ports.Explain("the service", port, "--port", failure);
        }
    }
}
