using Benchmarks.Load;

namespace Benchmarks.Machine;

/// <summary>The least that the host needs to know; everything else stays at its default, the log above all.</summary>
internal static class HostSettings
{
    public const string WebhookSecret = "whsec_benchmark_0123456789abcdef";

    public static Dictionary<string, string> Create(string connectionString, Uri stripe) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ConnectionStrings__Billing"] = connectionString,
        ["Stripe__ApiKey"] = "sk_test_benchmark",
        ["Stripe__ApiBase"] = stripe.AbsoluteUri.TrimEnd('/'),
        ["Stripe__WebhookSecrets__0"] = WebhookSecret,
        ["Billing__Plans__pro__Rank"] = "1",
        ["Billing__Plans__pro__MonthlyCredits"] = "1000",
        ["Billing__Plans__pro__Monthly__PriceId"] = EventCourse.PriceId,
        ["Billing__Plans__pro__Monthly__Amount"] = "2900",
        ["Billing__Plans__pro__Monthly__Currency"] = "usd",
        ["Billing__Reconciliation__Interval"] = "00:00:00", // there is no Stripe to compare with
        ["Billing__RateLimits__Service"] = "100000", // the most that a key can have; there are many
        ["Billing__CheckAtStart"] = "false", // nor to check against
        ["Billing__RedirectOrigins__0"] = "https://app.example.com",
        ["Billing__SuccessUrl"] = "https://app.example.com/paid",
        ["Billing__CancelUrl"] = "https://app.example.com/cancelled",
        ["Billing__SigningKeys__0__Id"] = "k1",
        ["Billing__SigningKeys__0__Secret"] = Convert.ToBase64String(new byte[32]),
    };
}
