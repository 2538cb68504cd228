namespace Billing.Webhooks;

/// <summary>API versions with the same word after the dot have the same shapes (STRIPE_NET_API: version mismatch).</summary>
internal static class ApiTrain
{
    private static readonly string Ours = Train(Stripe.StripeConfiguration.ApiVersion);

    public static bool IsOurs(string? version) => version is not null && Train(version) == Ours;

    private static string Train(string version) => version[(version.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
