namespace Billing.Tokens;

/// <summary>For whom a browser token is wanted.</summary>
internal sealed record TokenRequest
{
    /// <summary>The org that the page acts for. It must exist.</summary>
    public string? Org { get; init; }

    /// <summary>What the page may do; each role may do all that the ones before it may.</summary>
    public TokenRole? Role { get; init; }

    /// <summary>Seconds, 60 to 3600. Default 900.</summary>
    public int? ExpiresIn { get; init; }
}

internal enum TokenRole
{
    Member,
    Admin,
    Owner,
}

/// <param name="Token">To send as <c>Authorization: Bearer</c>. It cannot be revoked: keep its life short.</param>
/// <param name="ExpiresAt">From then on it is refused.</param>
internal sealed record TokenResponse(string Token, DateTimeOffset ExpiresAt);
