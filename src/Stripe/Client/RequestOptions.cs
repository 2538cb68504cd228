namespace Stripe;

/// <summary>What one call does differently from its client.</summary>
public sealed class RequestOptions
{
    /// <summary>Replaces the key of the client.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// At most 255 characters, no personal data. Unset, a POST gets a fresh GUID. Stripe replays the first answer to a key
    /// for at least 24 hours, declines included.
    /// </summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>The connected account (<c>acct_</c>) to act for.</summary>
    public string? StripeAccount { get; set; }
}
