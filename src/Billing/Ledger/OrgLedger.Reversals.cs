using Billing.Persistence;

namespace Billing.Ledger;

/// <summary>Taking back what was granted for money that went back, and giving it back when the money came back (DESIGN rule 7).</summary>
internal sealed partial class OrgLedger
{
    /// <summary>
    /// Brings what is taken back of grants to the targets. It comes from the grants themselves, then from others in the order in which they
    /// are spent, as far as no hold needs it; what is missing is debt. What is given back pays debt first, then goes where it was taken from.
    /// What expired is gone already and is not taken a second time.
    /// </summary>
    /// <param name="targets">Grants of one payment, whether or not something is left of them, and 0 to the amount of each.</param>
    /// <param name="before">What the payment has taken back up to now.</param>
    /// <param name="payment">Stripe's id of the payment.</param>
    /// <param name="now">The present, which the ledger was brought up to.</param>
    public void Reverse(IReadOnlyCollection<GrantReversal> targets, TakenBack before, string payment, DateTimeOffset now)
    {
        var more = 0L;
        var own = new HashSet<CreditGrant>();
        foreach (var (grant, wanted) in targets)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(wanted);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, grant.Amount);
            var change = Math.Min(wanted, grant.Amount - grant.Expired) - grant.Reversed;
            grant.Reversed += change;
            if (grant.MonthStart is not null && grant.MonthStart == org.GrantMonthStart)
            {
                org.GrantMonthCredits -= change; // what was taken back may be granted again, to who pays again
            }
            more = checked(more + change);
            own.Add(grant);
        }
        if (more > 0)
        {
            TakeBack(own, more, payment, now);
        }
        else if (more < 0)
        {
            GiveBack(own, -more, before, payment, now);
        }
    }

    /// <summary>
    /// What is to be taken back of a month: all that reversed invoices brought. The others keep it filled up to the highest level that they
    /// paid for: a grant that only filled the gap of a reversed one goes when that one comes back, so in the end it does not matter what was
    /// reversed meanwhile.
    /// </summary>
    /// <param name="month">All grants of one month of the plan.</param>
    /// <param name="isReversed">Whether the money for a grant went back in full.</param>
    public static IEnumerable<GrantReversal> ReverseMonth(IEnumerable<CreditGrant> month, Predicate<CreditGrant> isReversed)
    {
        var granted = month.OrderBy(grant => grant.CreatedAt).ThenBy(grant => grant.MonthLevel).ThenBy(grant => grant.Id).ToList();
        var filled = granted[0].MonthLevel!.Value - granted[0].Amount; // by the free plan
        foreach (var grant in granted)
        {
            var kept = isReversed(grant) ? 0 : Math.Clamp(grant.MonthLevel!.Value - filled, 0, grant.Amount);
            filled += kept;
            yield return new GrantReversal(grant, grant.Amount - kept);
        }
    }

    private void TakeBack(HashSet<CreditGrant> own, long amount, string payment, DateTimeOffset now)
    {
        var taken = Math.Min(amount, Available);
        var entry = Book(CreditEntryKind.Reversal, -taken, amount - taken, now, payment);
        if (taken > 0)
        {
            Take(taken, entry, Consumable().OrderBy(grant => own.Contains(grant) ? 0 : 1));
        }
    }

    private void GiveBack(HashSet<CreditGrant> own, long amount, TakenBack before, string payment, DateTimeOffset now)
    {
        var debtPaid = Math.Min(amount, org.Debt);
        var rest = amount - debtPaid;
        var entry = Book(CreditEntryKind.Reinstatement, rest, -debtPaid, now, payment);
        var given = new Dictionary<CreditGrant, long>();
        Give(before.ByPayment);
        Give(before.ByAny);
        if (rest > 0)
        {
            throw new InvalidOperationException($"Org {org.Id} is given back {rest} more credits for {payment} than were taken.");
        }
        foreach (var (grant, amountOfIt) in given)
        {
            Move(entry, grant.Id, amountOfIt);
        }
        ExpireUpTo(now);

        // Those that live longest first, the payment's own grants last: the opposite of the order in which it was taken.
        void Give(IReadOnlyList<(CreditGrant Grant, long Amount)> taken)
        {
            foreach (var (grant, limit) in taken.OrderBy(place => own.Contains(place.Grant) ? 1 : 0)
                .ThenByDescending(place => place.Grant.ExpiresAt ?? DateTimeOffset.MaxValue).ThenBy(place => place.Grant.CreatedAt))
            {
                var room = grant.Amount - grant.Expired - grant.Remaining;
                var back = Math.Min(Math.Min(limit - given.GetValueOrDefault(grant), room), rest);
                if (back > 0)
                {
                    GiveTo(grant, back, now);
                    given[grant] = given.GetValueOrDefault(grant) + back;
                    rest -= back;
                }
            }
        }
    }

    private void GiveTo(CreditGrant grant, long amount, DateTimeOffset now)
    {
        if (!grants.Contains(grant))
        {
            grants.Add(grant);
        }
        if (grant.MonthStart < org.GrantMonthStart && grant.ExpiresAt > now)
        {
            grant.ExpiresAt = now; // the next month was begun while nothing was left of it
        }
        grant.Remaining += amount;
    }
}

/// <param name="Grant">Of a payment that money went back of, or came back to.</param>
/// <param name="Target">How much of it is to be taken back in all; 0 to its amount.</param>
internal readonly record struct GrantReversal(CreditGrant Grant, long Target);
