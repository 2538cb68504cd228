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

    /// <summary>Of a subscription; null for a top-up, which is priced by <see cref="Product"/>, <see cref="Amount"/> and <see cref="Currency"/>.</summary>
    public string? PriceId { get; init; }

    /// <summary>What the payment page of a top-up says is sold.</summary>
    public string? Product { get; init; }

    /// <summary>Minor units.</summary>
    public long? Amount { get; init; }

    public string? Currency { get; init; }

    /// <summary>Null: no trial.</summary>
    public int? TrialDays { get; init; }

    public bool AllowPromotionCodes { get; init; }

    public bool AutomaticTax { get; init; }

    /// <summary>With the session-id placeholder.</summary>
    public required string SuccessUrl { get; init; }

    public required string CancelUrl { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Dictionary<string, string> Metadata { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this);

    public static SessionParameters FromJson(string json) => JsonSerializer.Deserialize<SessionParameters>(json)!;

    /// <summary>Whether both would make the same page; when it ends and what is signed differ from one intent to the next.</summary>
    public bool IsSamePageAs(SessionParameters other) => Page(this) == Page(other);

    public Stripe.Checkout.SessionCreateOptions ToOptions()
    {
        var options = new Stripe.Checkout.SessionCreateOptions
        {
            Mode = PriceId is null ? "payment" : "subscription",
            Customer = Customer,
            ClientReferenceId = OrgId,
            LineItems = [LineItem()],
            SuccessUrl = SuccessUrl,
            CancelUrl = CancelUrl,
            ExpiresAt = ExpiresAt.UtcDateTime,
            Metadata = Metadata,
        };
        // Session metadata stays on the session; webhooks about what comes of it need it there too (FACTS F.3).
        if (PriceId is null)
        {
            options.PaymentIntentData = new Stripe.Checkout.SessionPaymentIntentDataOptions { Metadata = Metadata };
        }
        else
        {
            options.SubscriptionData = new Stripe.Checkout.SessionSubscriptionDataOptions { Metadata = Metadata };
            if (TrialDays is { } days)
            {
                options.SubscriptionData.TrialPeriodDays = days;
            }
        }
        AddFeatures(options);
        return options;
    }

    private Stripe.Checkout.SessionLineItemOptions LineItem() => PriceId is not null
        ? new() { Price = PriceId, Quantity = 1 }
        : new()
        {
            PriceData = new Stripe.Checkout.SessionLineItemPriceDataOptions
            {
                Currency = Currency,
                UnitAmount = Amount,
                ProductData = new Stripe.Checkout.SessionLineItemPriceDataProductDataOptions { Name = Product },
            },
            Quantity = 1,
        };

    private void AddFeatures(Stripe.Checkout.SessionCreateOptions options)
    {
        if (AllowPromotionCodes)
        {
            options.AllowPromotionCodes = true;
        }
        if (AutomaticTax)
        {
            options.AutomaticTax = new Stripe.Checkout.SessionAutomaticTaxOptions { Enabled = true };
            // Needed for a customer without an address (FACTS B.3). STRIPE_NET_API does not say what the typed option looks like.
            options.AddExtraParam("customer_update[address]", "auto");
        }
    }

    private static SessionParameters Page(SessionParameters parameters) => parameters with { ExpiresAt = default, Metadata = NoMetadata };

    private static readonly Dictionary<string, string> NoMetadata = [];
}
