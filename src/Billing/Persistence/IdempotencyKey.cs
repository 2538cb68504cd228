namespace Billing.Persistence;

/// <summary>
/// An <c>Idempotency-Key</c> of an org: whose request it stands for, who works on it, and the answer once there is one (DESIGN rule 9).
/// The primary key, org and key, is what makes two requests with one key into one.
/// </summary>
internal sealed class IdempotencyKey
{
    public required string OrgId { get; init; }

    /// <summary>As the client sent it: 1 to 255 printable ASCII characters.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the request, see <see cref="Idempotency.Fingerprint"/>.</summary>
    public required byte[] Fingerprint { get; set; }

    /// <summary>Who holds the lease or held it last: a new id each time it is taken, so that one who lost it writes nothing.</summary>
    public required Guid Owner { get; set; }

    /// <summary>Until when, by the database's clock, the owner may work on it. Null: nobody does.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>The HTTP status of the stored answer. Null: there is none.</summary>
    public int? Status { get; set; }

    /// <summary>The stored answer, byte for byte; may be empty. It may hold a payment page's URL: never log it.</summary>
    public byte[]? Body { get; set; }

    /// <summary>From then on, by the host's clock, the key is free again.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}
