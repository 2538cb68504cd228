using Billing.Activation;
using Billing.Api;
using Billing.Authentication;
using Billing.Background;
using Billing.Catalog;
using Billing.Checkout;
using Billing.Credits;
using Billing.Doctor;
using Billing.Fulfilment;
using Billing.Health;
using Billing.Idempotency;
using Billing.Ledger;
using Billing.Operations;
using Billing.Orgs;
using Billing.Persistence;
using Billing.Portal;
using Billing.Reconciliation;
using Billing.Reversals;
using Billing.Status;
using Billing.StripeCalls;
using Billing.Telemetry;
using Billing.Tokens;
using Billing.TopUps;
using Billing.Webhooks;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Billing;

/// <summary>The host, put together: the service's table of contents. Whoever embeds it may replace the clock, and nothing else.</summary>
internal static class BillingApp
{
    private const int MaxBodyBytes = 64 * 1024;

    public static WebApplicationBuilder CreateBuilder(string[] args, string? environment = null)
    {
        // Settings lie beside the program, wherever it is started from, and are read once: no thread needs to watch their files.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = environment,
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        return builder;
    }

    /// <param name="builder">From <see cref="CreateBuilder"/>.</param>
    /// <param name="log">Where log lines go; null: to standard output.</param>
    public static WebApplication Build(WebApplicationBuilder builder, TextWriter? log = null)
    {
        builder.AddSerilogConsole(log);
        builder.AddOtlp();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddBillingOptions(builder.Configuration);
        services.AddSingleton<IDbContextFactory<BillingDb>, BillingDatabase>();
        services.AddStripe();

        services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        services.AddExceptionHandler<ErrorHandling>();
        services.AddApiKeyAccess();
        services.AddRequestLimits();
        services.AddApiCors();
        services.AddJsonBodies();
        services.AddApiDocument();

        services.AddSingleton<Readiness>();
        services.AddSingleton<PlanCatalog>().AddSingleton<StripePrices>();
        services.AddSingleton<OrgLeases>().AddSingleton<CustomerLookup>().AddSingleton<StripeCustomers>().AddSingleton<OrgWork>();
        services.AddSingleton<SessionSigner>().AddSingleton<RedirectUrls>().AddSingleton<IntentDrafts>();
        services.AddSingleton<CustomerSubscriptions>().AddSingleton<PendingPayments>();
        services.AddSingleton<StripeSessions>().AddSingleton<CheckoutIntents>();
        services.AddSingleton<HostedSessions>().AddSingleton<PlanChanges>().AddSingleton<Checkouts>();
        services.AddSingleton<IValidator<CheckoutRequest>, CheckoutValidator>();
        services.AddSingleton<IValidator<ActivationRequest>, ActivationValidator>().AddSingleton<Outcomes>().AddSingleton<Activations>();
        services.AddSingleton<IValidator<PortalRequest>, PortalValidator>().AddSingleton<Portals>();
        services.AddSingleton<IValidator<TopUpRequest>, TopUpValidator>().AddSingleton<TopUpSales>();
        services.AddSingleton<OrgStatus>().AddSingleton<CreditBalance>();
        services.AddSingleton<IValidator<DebitRequest>, DebitValidator>().AddSingleton<IValidator<HoldRequest>, HoldValidator>();
        services.AddSingleton<IValidator<SettleRequest>, SettleValidator>().AddSingleton<IValidator<ReleaseRequest>, ReleaseValidator>();
        services.AddSingleton<LedgerCalls>().AddSingleton<LedgerPages>();
        services.AddSingleton<LedgerRows>().AddSingleton<LedgerReads>().AddSingleton<PaidCredits>().AddSingleton<PaidPrices>();
        services.AddSingleton<Snapshots>().AddSingleton<Standing>().AddSingleton<OrgStates>().AddSingleton<Settlement>();
        services.AddSingleton<OrgProfiles>().AddSingleton<IValidator<OrgRequest>, OrgValidator>();
        services.AddSingleton<BrowserTokens>().AddSingleton<IValidator<TokenRequest>, TokenValidator>();
        services.AddSingleton<WebhookSignature>().AddSingleton<EventApplication>().AddSingleton<IntakeDatabase>().AddSingleton<EventInbox>();
        services.AddHostedService(provider => provider.GetRequiredService<EventInbox>());
        services.AddSingleton<PaymentOwners>().AddSingleton<PaymentReads>().AddSingleton<ReversalBook>();
        services.AddWorker<SubscriptionReader>();
        services.AddWorker<PaymentReader>();
        services.AddWorker<OverdueSweep>();
        services.AddWorker<ParkedEvents>();
        services.AddWorker<InboxWatch>();
        services.AddWorker<EventPruning>();
        services.AddSingleton<LedgerProbe>();
        services.AddWorker<LedgerWatch>();
        services.AddReconciliation();
        services.AddOperations();
        services.AddWorker<ScheduledReconciliation>();
        services.AddDoctor();
        services.AddSingleton<IdempotencyKeys>().AddWorker<ExpiredKeys>();

        var app = builder.Build();
        app.UseRequestIds();
        app.UseSecurityHeaders();
        app.UseRequestLog();
        app.UseApiCors();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(ErrorHandling.WriteStatusAsync);
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();

        app.MapHealth();
        app.MapApiDocument();
        var billing = app.MapGroup("/v1/billing");
        billing.MapCheckout();
        billing.MapActivation();
        billing.MapPortal();
        billing.MapTopUps();
        billing.MapStatus();
        billing.MapCredits();
        billing.MapOrgs();
        billing.MapTokens();
        billing.MapWebhooks();
        app.MapOperations();
        return app;
    }

    private static void AddBillingOptions(this IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddSingleton<IValidateOptions<BillingOptions>, BillingOptions.Validator>();
        services.AddSingleton<IValidateOptions<StripeOptions>, StripeOptions.Validator>();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptions.Validator>();
        services.AddOptions<BillingOptions>().Bind(configuration.GetSection(BillingOptions.Section), Strictly).ValidateOnStart();
        services.AddOptions<StripeOptions>().Bind(configuration.GetSection(StripeOptions.Section), Strictly).ValidateOnStart();
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection(DatabaseOptions.Section)).ValidateOnStart();

        // A misspelt key is an error, not a setting that silently stays at its default.
        static void Strictly(BinderOptions binder) => binder.ErrorOnUnknownConfiguration = true;
    }

    private static void AddWorker<TWorker>(this IServiceCollection services) where TWorker : PollingWorker =>
        services.AddSingleton<TWorker>().AddHostedService(provider => provider.GetRequiredService<TWorker>());
}
