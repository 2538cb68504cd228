using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Billing.StripeCalls;

/// <summary>
/// Two clients of one account: the usual one for calls that somebody waits for, and a keyed one for work in the background, which keeps
/// to its budget (<see cref="StripeBudget"/>).
/// </summary>
internal static class StripeClients
{
    public const string Background = "background";

    public static void AddStripe(this IServiceCollection services)
    {
        services.AddSingleton<StripeBudget>().AddSingleton<StripeClock>();
        services.AddSingleton<Stripe.IStripeClient>(provider => New(provider, isBackground: false));
        services.AddKeyedSingleton<Stripe.IStripeClient>(Background, (provider, _) => New(provider, isBackground: true));
    }

    /// <summary>Connections to Stripe, and to nowhere that it might redirect to.</summary>
    public static SocketsHttpHandler Connections() => new()
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        AllowAutoRedirect = false,
        // Calls are traced, and Stripe is told nothing of it: it could do nothing with our trace ids.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    };

    private static Stripe.StripeClient New(IServiceProvider provider, bool isBackground)
    {
        var options = provider.GetRequiredService<IOptions<StripeOptions>>().Value;
        var budget = provider.GetRequiredService<StripeBudget>();
        var http = new HttpClient(new BudgetHandler(budget, isBackground) { InnerHandler = Connections() })
        {
            // In the background the budget times each attempt: waiting for its turn is no part of it.
            Timeout = isBackground ? Timeout.InfiniteTimeSpan : options.Timeout,
        };
        return new Stripe.StripeClient(
            options.ApiKey,
            httpClient: new Stripe.SystemNetHttpClient(http, maxNetworkRetries: isBackground ? 0 : 2),
            apiBase: options.ApiBase);
    }
}
