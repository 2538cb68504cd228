namespace Stripe;

public sealed class PriceCreateOptions : BaseOptions
{
    /// <summary>Required.</summary>
    public string? Currency { get; set; }

    /// <summary>Unique among prices, at most 200 characters.</summary>
    public string? LookupKey { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }
    public string? Nickname { get; set; }

    /// <summary>Required unless <see cref="ProductData"/> is set.</summary>
    public string? Product { get; set; }

    public PriceProductDataOptions? ProductData { get; set; }

    /// <summary>Makes the price recurring; without it the price is one-time.</summary>
    public PriceRecurringOptions? Recurring { get; set; }

    /// <summary>Takes <see cref="LookupKey"/> away from the price that holds it, atomically.</summary>
    public bool? TransferLookupKey { get; set; }

    /// <summary>Minor units, zero or more.</summary>
    public long? UnitAmount { get; set; }
}
