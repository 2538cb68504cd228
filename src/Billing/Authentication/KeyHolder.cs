namespace Billing.Authentication;

/// <summary>Whom a key or browser token belongs to.</summary>
/// <param name="KeyId">The id of the key or token, for the log.</param>
/// <param name="Role">What it may do.</param>
/// <param name="OrgId">The org it belongs to; null exactly for service and operator keys.</param>
internal sealed record KeyHolder(string KeyId, Role Role, string? OrgId)
{
    /// <summary>What shares one rate limit with it: by default itself alone.</summary>
    public string CountsAs { get; init; } = KeyId;

    /// <summary>Whether the database makes sure that the org exists: it does for keys, and knows nothing of tokens.</summary>
    public bool IsToken { get; init; }
}
