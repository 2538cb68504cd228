namespace Billing.Tests.World;

/// <summary>A configuration that works; tests of the configuration take it apart.</summary>
internal static class TestConfiguration
{
    public static Dictionary<string, string?> Create(string connectionString, Uri stripe, string webhookSecret)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Billing"] = connectionString,
            ["Stripe:ApiKey"] = BillingWorld.StripeKey,
            ["Stripe:ApiBase"] = stripe.AbsoluteUri.TrimEnd('/'),
            ["Stripe:WebhookSecrets:0"] = webhookSecret,
            ["Stripe:WebhookSecrets:1"] = BillingWorld.TestSecret,
            ["Billing:RedirectOrigins:0"] = BillingWorld.AppOrigin,
            ["Billing:SuccessUrl"] = BillingWorld.AppOrigin + "/paid",
            ["Billing:CancelUrl"] = BillingWorld.AppOrigin + "/cancelled",
            ["Billing:SigningKeys:0:Id"] = "k1",
            ["Billing:SigningKeys:0:Secret"] = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()),
            ["Billing:Plans:enterprise:Rank"] = "3",
            ["Billing:TopUps:Currency"] = "usd",
            ["Billing:TopUps:Custom:Minimum"] = "100",
            ["Billing:TopUps:Custom:Maximum"] = "100000",
            ["Billing:TopUps:Custom:Step"] = "100",
            ["Billing:TopUps:Custom:AmountPerStep"] = "200",
            // All tests come from one address and some are many requests; LimitTests has the real limits.
            ["Billing:RateLimits:Reads"] = "100000",
            ["Billing:RateLimits:Writes"] = "100000",
            ["Billing:RateLimits:Service"] = "100000",
            ["Billing:RateLimits:BadCredentials"] = "100000",
            // Hosts would mend behind a test's back what it has broken; ScheduledReconciliationTests turn it on.
            ["Billing:Reconciliation:Interval"] = "00:00:00",
            // A test counts its own calls of Stripe; CheckAtStartTests turn it on.
            ["Billing:CheckAtStart"] = "false",
            // Many tests share a host and nobody else its Stripe; ReReadBudgetTests have a real budget.
            ["Stripe:BackgroundRequestsPerSecond"] = "100",
            ["Serilog:MinimumLevel:Default"] = "Warning",
        };
        foreach (var (plan, rank, monthly) in new[] { ("pro", 1, 2900), ("team", 2, 9900) })
        {
            settings[$"Billing:Plans:{plan}:Rank"] = $"{rank}";
            settings[$"Billing:Plans:{plan}:MonthlyCredits"] = $"{rank * 1000}";
            foreach (var (interval, amount) in new[] { ("Monthly", monthly), ("Annual", monthly * 10) })
            {
                settings[$"Billing:Plans:{plan}:{interval}:LookupKey"] = $"{plan}_{interval}".ToLowerInvariant();
                settings[$"Billing:Plans:{plan}:{interval}:Amount"] = $"{amount}";
                settings[$"Billing:Plans:{plan}:{interval}:Currency"] = "usd";
            }
        }
        foreach (var (pack, credits, amount) in new[] { ("small", 500, 900), ("medium", 2000, 2900), ("large", 10000, 11900) })
        {
            settings[$"Billing:TopUps:Packs:{pack}:Credits"] = $"{credits}";
            settings[$"Billing:TopUps:Packs:{pack}:Amount"] = $"{amount}";
        }
        return settings;
    }
}
