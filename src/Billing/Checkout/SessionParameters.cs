using System.Text.Json;

namespace Billing.Checkout;

/// <summary>
/// Everything that goes to Stripe for one session, kept with the intent: a retry after a crash sends the same, or Stripe's idempotency
/// would refuse it (FACTS A.5).
/// </summary>
internal sealed record SessionParameters
{
    public required string Customer { get; init; }

    public required string OrgId { get; init; }

    public required string PriceId { get; init; }

    /// <summary>With the session-id placeholder.</summary>
    public required string SuccessUrl { get; init; }

    public required string CancelUrl { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Dictionary<string, string> Metadata { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this);

    public static SessionParameters FromJson(string json) => JsonSerializer.Deserialize<SessionParameters>(json)!;

    public Stripe.Checkout.SessionCreateOptions ToOptions() => new()
    {
        Mode = "subscription",
        Customer = Customer,
        ClientReferenceId = OrgId,
        LineItems = [new Stripe.Checkout.SessionLineItemOptions { Price = PriceId, Quantity = 1 }],
        SuccessUrl = SuccessUrl,
        CancelUrl = CancelUrl,
        ExpiresAt = ExpiresAt.UtcDateTime,
        Metadata = Metadata,
        // Session metadata stays on the session; webhooks about the subscription need it there too (FACTS F.3).
        SubscriptionData = new Stripe.Checkout.SessionSubscriptionDataOptions { Metadata = Metadata },
    };
}
