using Billing.Persistence;

namespace Billing.Ledger;

/// <summary>
/// One org's credits in memory (DESIGN rule 7). Whoever changes them has the org's row locked, brings the ledger up to now first, and
/// saves what came of it in the same transaction; a reader brings it up to now and saves nothing.
/// <para>
/// Holds between any two calls: the balance is the sum of what is left of the grants; 0 ≤ held ≤ balance; debt &gt; 0 only while nothing
/// is available. What has expired is left to a hold that needs it, and goes when the hold ends.
/// </para>
/// Of the holds it needs those that are due to end by themselves and the one that a call is about.
/// Not safe for concurrent use.
/// </summary>
internal sealed partial class OrgLedger(Org org, List<CreditGrant> grants, List<CreditHold> holds, LedgerRules rules)
{
    public Org Org => org;

    /// <summary>Booked since it was loaded, in order.</summary>
    public List<CreditEntry> Entries { get; } = [];

    public List<CreditMovement> Movements { get; } = [];

    /// <summary>Months of the plan that were granted since it was loaded.</summary>
    public List<CreditGrant> NewGrants { get; } = [];

    public List<CreditHold> NewHolds { get; } = [];

    public long Balance => org.Balance;

    public long Held => org.Held;

    public long Debt => org.Debt;

    /// <summary>What can be spent.</summary>
    public long Available => org.Balance - org.Held;

    /// <summary>Those that something is left of.</summary>
    public IEnumerable<CreditGrant> Live => grants.Where(grant => grant.Remaining > 0);

    /// <summary>When the next month of the plan begins, of which the last may not be paid for yet; null if the plan ends before.</summary>
    public DateTimeOffset? NextMonthAt =>
        org.CreditsPerMonth > 0 && org.Plan != PlanIds.Free && !(org.CancelAt <= org.GrantMonthEnd) && !(org.PlanUntil <= org.GrantMonthEnd)
            ? org.GrantMonthEnd : null;

    /// <summary>When the next month of the plan begins that is paid for already, or null; past due for too long, the org has no plan.</summary>
    private DateTimeOffset? NextPaidMonthAt =>
        org.CreditsPerMonth > 0 && org.GrantMonthEnd < org.CreditsUntil && !(org.PlanUntil <= org.GrantMonthEnd) ? org.GrantMonthEnd : null;

    /// <summary>Adds a grant that the org did not have before.</summary>
    public void Grant(CreditGrant grant, DateTimeOffset now)
    {
        grants.Add(grant);
        var entry = Book(CreditEntryKind.Grant, grant.Remaining, 0, now, grant.SourceKey);
        Move(entry, grant.Id, grant.Remaining);
        PayDebt(now);
        ExpireUpTo(now); // a hold that needed what has expired needs it no more
    }

    /// <summary>Spends credits, soonest-expiring first; null, and nothing is changed, if not so many are available.</summary>
    public CreditEntry? Debit(long amount, string? reason, string? idempotencyKey, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        return amount > Available ? null : Take(amount, Book(CreditEntryKind.Debit, -amount, 0, now, source: null, reason, idempotencyKey));
    }

    /// <summary>Reserves credits until <paramref name="expiresAt"/>; null, and nothing is changed, if not so many are available.</summary>
    public CreditHold? Hold(long amount, string? reason, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        if (amount > Available)
        {
            return null;
        }
        var hold = new CreditHold
        {
            Id = Guid.CreateVersion7(now),
            OrgId = org.Id,
            Amount = amount,
            Reason = reason,
            ExpiresAt = expiresAt,
            CreatedAt = now,
        };
        holds.Add(hold);
        NewHolds.Add(hold);
        org.Held = checked(org.Held + amount);
        return hold;
    }

    /// <summary>Spends some of what a hold reserved and frees the rest.</summary>
    /// <param name="hold">Active.</param>
    /// <param name="amount">0 to the hold's amount.</param>
    /// <param name="now">The present.</param>
    public void Settle(CreditHold hold, long amount, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, hold.Amount);
        hold.Settled = amount;
        org.Held -= hold.Amount;
        if (amount > 0)
        {
            Take(amount, Book(CreditEntryKind.HoldSettlement, -amount, 0, now, $"hold_{hold.Id:N}", hold.Reason));
        }
        End(hold, HoldState.Settled, now);
    }

    /// <summary>Frees what an active hold reserved.</summary>
    public void Release(CreditHold hold, DateTimeOffset now)
    {
        org.Held -= hold.Amount;
        End(hold, HoldState.Released, now);
    }

    private void End(CreditHold hold, HoldState state, DateTimeOffset at)
    {
        hold.State = state;
        PayDebt(at); // before what was held expires: it was taken back already
        ExpireUpTo(at);
    }

    private void PayDebt(DateTimeOffset at)
    {
        if (Math.Min(org.Debt, Available) is > 0 and var paid)
        {
            Take(paid, Book(CreditEntryKind.DebtPayment, -paid, -paid, at));
        }
    }

    private CreditEntry Take(long amount, CreditEntry entry) => Take(amount, entry, Consumable());

    private CreditEntry Take(long amount, CreditEntry entry, IEnumerable<CreditGrant> order)
    {
        foreach (var grant in order)
        {
            var taken = Math.Min(amount, grant.Remaining);
            grant.Remaining -= taken;
            Move(entry, grant.Id, -taken);
            amount -= taken;
            if (amount == 0)
            {
                return entry;
            }
        }
        throw new InvalidOperationException($"Org {org.Id} has {amount} fewer credits in grants than its balance says.");
    }

    /// <summary>In the order in which they are spent: soonest-expiring first, never-expiring last.</summary>
    private List<CreditGrant> Consumable() =>
        [.. Live.OrderBy(grant => grant.ExpiresAt ?? DateTimeOffset.MaxValue).ThenBy(grant => grant.CreatedAt).ThenBy(grant => grant.Id)];

    private CreditEntry Book(
        CreditEntryKind kind, long balanceDelta, long debtDelta, DateTimeOffset at, string? source = null, string? reason = null, string? key = null)
    {
        org.Balance = checked(org.Balance + balanceDelta);
        org.Debt = checked(org.Debt + debtDelta);
        var entry = new CreditEntry
        {
            OrgId = org.Id,
            Number = ++org.LedgerLength,
            Kind = kind,
            BalanceDelta = balanceDelta,
            DebtDelta = debtDelta,
            BalanceAfter = org.Balance,
            DebtAfter = org.Debt,
            Source = source,
            Reason = reason,
            IdempotencyKey = key,
            CreatedAt = at,
        };
        Entries.Add(entry);
        return entry;
    }

    private void Move(CreditEntry entry, Guid grantId, long delta) => Movements.Add(
        new CreditMovement { OrgId = org.Id, EntryNumber = entry.Number, GrantId = grantId, Delta = delta });
}
