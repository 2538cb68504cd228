using Billing.Catalog;
using Billing.Persistence;

namespace Billing.Checkout;

/// <summary>What is sold by one session, priced by us.</summary>
/// <param name="Amount">Minor units of <paramref name="Currency"/>: per interval, or once for a top-up.</param>
internal sealed record Offer(CheckoutKind Kind, long Amount, string Currency)
{
    public string? Plan { get; init; }

    public BillingInterval? Interval { get; init; }

    /// <summary>Stripe's id of the plan's price.</summary>
    public string? PriceId { get; init; }

    /// <summary>Null: no trial.</summary>
    public int? TrialDays { get; init; }

    /// <summary>What a top-up brings.</summary>
    public long? Credits { get; init; }

    /// <summary>What a top-up is called on the payment page.</summary>
    public string? Product { get; init; }

    public static Offer Subscription(CatalogEntry entry, string priceId, bool withTrial) =>
        new(CheckoutKind.Subscription, entry.Price.Amount, entry.Price.Currency)
        {
            Plan = entry.Plan,
            Interval = entry.Interval,
            PriceId = priceId,
            TrialDays = withTrial && entry.Price.TrialDays > 0 ? entry.Price.TrialDays : null,
        };
}
