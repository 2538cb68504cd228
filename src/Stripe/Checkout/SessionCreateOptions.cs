namespace Stripe.Checkout;

public sealed class SessionCreateOptions : BaseOptions
{
    public bool? AllowPromotionCodes { get; set; }
    public SessionAutomaticTaxOptions? AutomaticTax { get; set; }
    public string? CancelUrl { get; set; }

    /// <summary>At most 200 characters; comes back on the session.</summary>
    public string? ClientReferenceId { get; set; }

    public string? Currency { get; set; }

    /// <summary>An existing customer; excludes <see cref="CustomerEmail"/>.</summary>
    public string? Customer { get; set; }

    public string? CustomerEmail { get; set; }

    /// <summary>30 minutes to 24 hours after creation; 24 hours when unset.</summary>
    public DateTime? ExpiresAt { get; set; }

    /// <summary>Payment mode only.</summary>
    public SessionInvoiceCreationOptions? InvoiceCreation { get; set; }

    public List<SessionLineItemOptions>? LineItems { get; set; }
    public string? Locale { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }

    /// <summary><c>payment</c>, <c>subscription</c> or <c>setup</c>.</summary>
    public string? Mode { get; set; }

    /// <summary>Payment mode only.</summary>
    public SessionPaymentIntentDataOptions? PaymentIntentData { get; set; }

    /// <summary>Subscription mode only.</summary>
    public SessionSubscriptionDataOptions? SubscriptionData { get; set; }

    /// <summary>A literal <c>{CHECKOUT_SESSION_ID}</c> in it is replaced by the id on redirect.</summary>
    public string? SuccessUrl { get; set; }

    public SessionTaxIdCollectionOptions? TaxIdCollection { get; set; }
}
