using Billing.Api;

namespace Billing.Credits;

/// <summary>What an org can spend, now.</summary>
/// <param name="Balance">What is left of all live grants, held credits included.</param>
/// <param name="Available">What can be spent: the balance without what is held.</param>
/// <param name="PlanCredits">The part of the balance that came with the plan, the free one too; it ends with its month.</param>
/// <param name="TopupCredits">The part that was bought; it never expires.</param>
/// <param name="Held">What holds have reserved.</param>
/// <param name="Debt">Credits taken back that were spent already; the next grants pay it first.</param>
/// <param name="NextExpiry">When the next credits expire; null if none will.</param>
/// <param name="NextGrantAt">When the next month of the plan begins, whose credits come with its payment; null without one.</param>
internal sealed record CreditsResponse(
    long Balance, long Available, long PlanCredits, long TopupCredits, long Held, long Debt, DateTimeOffset? NextExpiry, DateTimeOffset? NextGrantAt);

internal sealed record DebitRequest
{
    /// <summary>Credits to spend; 1 or more.</summary>
    public long? Amount { get; init; }

    /// <summary>For the ledger; at most 200 characters.</summary>
    public string? Reason { get; init; }
}

/// <param name="EntryId">The number of the entry in the org's ledger.</param>
/// <param name="Debited">What was spent.</param>
/// <param name="Balance">The balance now.</param>
/// <param name="Available">What can be spent now.</param>
internal sealed record DebitResponse(long EntryId, long Debited, long Balance, long Available);

internal sealed record HoldRequest
{
    /// <summary>Credits to reserve; 1 or more.</summary>
    public long? Amount { get; init; }

    /// <summary>For the ledger; at most 200 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Seconds after which the hold ends by itself; 1 to 86400, by default 3600.</summary>
    public int? ExpiresIn { get; init; }
}

/// <param name="HoldId">For settling or releasing it.</param>
/// <param name="Amount">What it reserves.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="Available">What can be spent now.</param>
internal sealed record HoldResponse(string HoldId, long Amount, DateTimeOffset ExpiresAt, long Available);

internal sealed record SettleRequest
{
    /// <summary>Credits to spend; 0 to what the hold reserved.</summary>
    public long? Amount { get; init; }
}

/// <summary>Nothing is needed to release a hold.</summary>
internal sealed record ReleaseRequest : IMayBeLeftOut;

/// <param name="HoldId">The hold, which has ended.</param>
/// <param name="Settled">What was spent of it.</param>
/// <param name="Released">What was freed of it.</param>
/// <param name="Balance">The balance now.</param>
/// <param name="Available">What can be spent now.</param>
internal sealed record HoldEndResponse(string HoldId, long Settled, long Released, long Balance, long Available);
