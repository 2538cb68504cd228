namespace Stripe;

public sealed class PriceUpdateOptions : BaseOptions
{
    /// <summary>False hides the price from new sessions; running subscriptions keep it.</summary>
    public bool? Active { get; set; }

    public string? LookupKey { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }
    public string? Nickname { get; set; }
    public bool? TransferLookupKey { get; set; }
}
