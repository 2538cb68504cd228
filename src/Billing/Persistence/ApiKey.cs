using Billing.Authentication;

namespace Billing.Persistence;

/// <summary>A key as we keep it: never the key itself, only its SHA-256.</summary>
internal sealed class ApiKey
{
    /// <summary>Public id, for listing and revoking.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the whole key; unique. A key has 256 random bits, so no salt or slow hash is needed.</summary>
    public required byte[] Hash { get; init; }

    public required Role Role { get; init; }

    /// <summary>The org it belongs to; null exactly for <see cref="Role.Service"/> and <see cref="Role.Operator"/>.</summary>
    public string? OrgId { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
}
