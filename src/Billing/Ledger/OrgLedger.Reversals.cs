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
        if (grant.MonthStart is not null && grant.MonthStart == org.GrantMonthStart)
        {
            org.GrantMonthCredits -= more; // what was taken back may be granted again, to who pays again
        }
        if (more > 0)
        {
            TakeBack(grant, more, source, now);
        }
        else if (more < 0)
        {
            GiveBack(grant, -more, source, now);
        }
    }

    /// <summary>
    /// Takes back all that reversed invoices brought a month. The others keep it filled up to the highest level that they paid for: a grant
    /// that only filled the gap of a reversed one goes when that one comes back, so in the end it does not matter what was reversed meanwhile.
    /// </summary>
    /// <param name="month">All grants of one month of the plan.</param>
    /// <param name="isReversed">Whether the money for a grant went back in full.</param>
    /// <param name="source">The payment that is the reason.</param>
    /// <param name="now">The present, which the ledger was brought up to.</param>
    public void ReverseMonth(IEnumerable<CreditGrant> month, Predicate<CreditGrant> isReversed, string source, DateTimeOffset now)
    {
        var granted = month.OrderBy(grant => grant.CreatedAt).ThenBy(grant => grant.MonthLevel).ThenBy(grant => grant.Id).ToList();
        var filled = granted[0].MonthLevel!.Value - granted[0].Amount; // by the free plan
        foreach (var grant in granted)
        {
            var kept = isReversed(grant) ? 0 : Math.Clamp(grant.MonthLevel!.Value - filled, 0, grant.Amount);
            filled += kept;
            Reverse(grant, grant.Amount - kept, source, now);
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
        if (grant.MonthStart < org.GrantMonthStart && grant.ExpiresAt > now)
        {
            grant.ExpiresAt = now; // the next month was begun while nothing was left of it
        }
        grant.Remaining += amount - debtPaid;
        Move(entry, grant.Id, amount - debtPaid);
        ExpireUpTo(now);
    }
}
