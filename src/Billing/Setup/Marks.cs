namespace Billing.Setup;

/// <summary>Metadata by which a later run knows what is ours.</summary>
internal static class Marks
{
    /// <summary>On a price: the plan that it sells or sold. A price without it is somebody else's, and is never archived.</summary>
    public const string Plan = "billing_plan";

    /// <summary>On an endpoint that we made: <see cref="Pending"/> until its secret has been shown, then <see cref="Shown"/>.</summary>
    public const string Secret = "billing_secret";

    public const string Pending = "pending";

    public const string Shown = "shown";

    public static string? PlanOf(Stripe.Price price) => price.Metadata.GetValueOrDefault(Plan);

    /// <summary>Whether nobody may ever have seen the endpoint's secret: Stripe does not show it a second time (FACTS B.8).</summary>
    public static bool IsSecretUnseen(Stripe.WebhookEndpoint endpoint) => endpoint.Metadata.GetValueOrDefault(Secret) == Pending;
}
