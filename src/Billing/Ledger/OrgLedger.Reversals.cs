using Billing.Persistence;

namespace Billing.Ledger;

/// <summary>Taking back what was granted for money that went back, and giving it back when the money came back (DESIGN rule 7).</summary>
internal sealed partial class OrgLedger
{
    /// <summary>
    /// Brings what is taken back of a grant to <paramref name="target"/>. It comes from the grant itself, then from others in the order in
    /// which they are spent, as far as no hold needs it; what is missing is debt. Given back, it pays debt first.
    /// </summary>
    /// <param name="grant">Of this org's, whether or not something is left of it.</param>
    /// <param name="target">0 to its amount.</param>
    /// <param name="source">The payment that it was for.</param>
    /// <param name="now">The present, which the ledger was brought up to.</param>
    public void Reverse(CreditGrant grant, long target, string source, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target, grant.Amount);
        var more = target - grant.Reversed;
        grant.Reversed = target;
        if (more > 0)
        {
            TakeBack(grant, more, source, now);
        }
        else if (more < 0)
        {
            GiveBack(grant, -more, source, now);
        }
    }

    private void TakeBack(CreditGrant grant, long amount, string source, DateTimeOffset now)
    {
        var taken = Math.Min(amount, Available);
        var entry = Book(CreditEntryKind.Reversal, -taken, amount - taken, now, source);
        var own = Math.Min(taken, grant.Remaining);
        if (own > 0)
        {
            grant.Remaining -= own;
            Move(entry, grant.Id, -own);
        }
        if (taken > own)
        {
            Take(taken - own, entry);
        }
    }

    private void GiveBack(CreditGrant grant, long amount, string source, DateTimeOffset now)
    {
        var debtPaid = Math.Min(amount, org.Debt);
        var entry = Book(CreditEntryKind.Reinstatement, amount - debtPaid, -debtPaid, now, source);
        if (amount == debtPaid)
        {
            return;
        }
        if (!grants.Contains(grant))
        {
            grants.Add(grant);
        }
        grant.Remaining += amount - debtPaid;
        Move(entry, grant.Id, amount - debtPaid);
        ExpireUpTo(now);
    }
}
