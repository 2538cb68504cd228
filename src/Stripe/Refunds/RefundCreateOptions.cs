namespace Stripe;

public sealed class RefundCreateOptions : BaseOptions
{
    /// <summary>Minor units, at most what is left of the charge; null: all of that.</summary>
    public long? Amount { get; set; }

    /// <summary>Excludes <see cref="PaymentIntent"/>; one of the two is needed.</summary>
    public string? Charge { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }
    public string? PaymentIntent { get; set; }

    /// <summary><c>duplicate</c>, <c>fraudulent</c> or <c>requested_by_customer</c>.</summary>
    public string? Reason { get; set; }
}
