namespace Billing.Persistence;

/// <summary>What a ledger entry gave to or took from one grant; a grant's movements add up to what is left of it.</summary>
internal sealed class CreditMovement
{
    public required string OrgId { get; init; }

    public required long EntryNumber { get; init; }

    public required Guid GrantId { get; init; }

    /// <summary>Not 0.</summary>
    public required long Delta { get; init; }
}
