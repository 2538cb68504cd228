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
            // All tests come from one address and some are many requests; LimitTests has the real limits.
            ["Billing:RateLimits:Reads"] = "100000",
            ["Billing:RateLimits:Writes"] = "100000",
            ["Billing:RateLimits:Service"] = "100000",
            ["Billing:RateLimits:BadCredentials"] = "100000",
            ["Serilog:MinimumLevel:Default"] = "Warning",
        };
        foreach (var (plan, rank, monthly) in new[] { ("pro", 1, 2900), ("team", 2, 9900) })
        {
            settings[$"Billing:Plans:{plan}:Rank"] = $"{rank}";
            foreach (var (interval, amount) in new[] { ("Monthly", monthly), ("Annual", monthly * 10) })
            {
                settings[$"Billing:Plans:{plan}:{interval}:LookupKey"] = $"{plan}_{interval}".ToLowerInvariant();
                settings[$"Billing:Plans:{plan}:{interval}:Amount"] = $"{amount}";
                settings[$"Billing:Plans:{plan}:{interval}:Currency"] = "usd";
            }
        }
        return settings;
    }
}
