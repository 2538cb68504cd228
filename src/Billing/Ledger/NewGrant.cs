using Billing.Persistence;

namespace Billing.Ledger;

/// <summary>Credits to be given, named after the business object that they are for.</summary>
internal sealed record NewGrant(CreditSource Source, string SourceKey, long Amount)
{
    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string? SubscriptionId { get; init; }

    public string? PaymentIntentId { get; init; }

    /// <summary>A paid top-up: its credits never expire.</summary>
    /// <param name="intentId">Of the checkout session, whichever of our row or its signed metadata told it.</param>
    public static NewGrant TopUp(Guid intentId, long credits, string? paymentIntentId) =>
        new(CreditSource.TopUp, $"top_up:{intentId:N}", credits) { PaymentIntentId = paymentIntentId };

    /// <summary>A month of a plan.</summary>
    public static NewGrant PlanMonth(GrantMonth month, long credits, string subscriptionId, TimeSpan grace) =>
        new(CreditSource.Plan, $"plan:{month.Start.ToUnixTimeSeconds()}", credits)
        {
            ExpiresAt = month.End + grace,
            SubscriptionId = subscriptionId,
        };
}
