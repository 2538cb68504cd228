namespace Billing.Background;

/// <summary>A worker's right to read an object until it runs out, by the database's clock.</summary>
/// <param name="OrgId">Whose it is; null while that is not known.</param>
/// <param name="Requests">The row's count of requests when it was claimed: a later one wants another read.</param>
/// <param name="Until">Tells this claim from one that followed it.</param>
internal sealed record ReadClaim(string Id, string? OrgId, long Requests, DateTimeOffset Until);

internal enum ReadOutcome
{
    /// <summary>The row shows what Stripe answered.</summary>
    Applied,

    /// <summary>
    /// An event of about the same second was applied, and which is newer cannot be told; or a read that Stripe answered later. Read again a
    /// second later.
    /// </summary>
    TooEarly,

    /// <summary>The subscription had ended for good.</summary>
    Ended,

    /// <summary>It took so long that the claim ran out and another host read it.</summary>
    Superseded,
}
