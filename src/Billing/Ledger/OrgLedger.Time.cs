using Billing.Persistence;

namespace Billing.Ledger;

/// <summary>What time does to an org's credits: holds run out, grants expire, months of the plan begin. Each at its instant, in order.</summary>
internal sealed partial class OrgLedger
{
    /// <summary>Books everything that fell due up to now. It does not matter how often, or how late, this is called.</summary>
    public void BringTo(DateTimeOffset now)
    {
        var done = DateTimeOffset.MinValue;
        while (NextDue(done, now) is { } due && due <= now)
        {
            foreach (var hold in holds.Where(hold => hold.State == HoldState.Active && hold.ExpiresAt <= due))
            {
                org.Held -= hold.Amount;
                hold.State = HoldState.Expired;
            }
            PayDebt(due); // before what was held expires: it was taken back already
            ExpireUpTo(due);
            if (NextPaidMonthAt <= due)
            {
                BeginMonth(org.GrantMonthEnd!.Value, due);
            }
            if (NextFreeMonthAt(now) <= due)
            {
                BeginFreeMonth(due);
            }
            done = due;
        }
    }

    /// <summary>
    /// Takes in what the org has paid for by now. The running month is granted if none is; inside a running month only the difference to a
    /// higher amount is (DESIGN rule 6). Months that are over are not made up for.
    /// </summary>
    public void Entitle(Entitlement paid, DateTimeOffset now)
    {
        BringTo(now);
        org.Paid = paid.Until > now ? paid : Entitlement.None;
        if (org.CreditsPerMonth == 0)
        {
            return;
        }
        var at = paid.From > now ? paid.From : now;
        if (org.GrantMonthEnd is null || org.GrantMonthEnd <= at)
        {
            var start = GrantMonth.Around(at, paid.From, paid.Until).Start;
            BeginMonth(org.GrantMonthEnd > start ? org.GrantMonthEnd.Value : start, now);
        }
        else
        {
            FillMonth(now);
        }
    }

    /// <summary>The earliest instant after another at which something falls due, or null.</summary>
    private DateTimeOffset? NextDue(DateTimeOffset after, DateTimeOffset now)
    {
        var next = Sooner(NextPaidMonthAt, NextFreeMonthAt(now));
        foreach (var hold in holds)
        {
            next = hold.State == HoldState.Active ? Sooner(next, hold.ExpiresAt) : next;
        }
        foreach (var grant in grants)
        {
            next = grant.Remaining > 0 && grant.ExpiresAt > after ? Sooner(next, grant.ExpiresAt) : next;
        }
        return next;
    }

    private static DateTimeOffset? Sooner(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    /// <summary>When the next month of the free plan begins. The first is the running one: those before it bring nothing.</summary>
    private DateTimeOffset? NextFreeMonthAt(DateTimeOffset now) =>
        rules.FreePerMonth == 0 ? null : org.FreeMonthEnd ?? GrantMonth.Since(now, org.CreatedAt).Start;

    /// <summary>A month of the free plan brings its credits unless a month of a plan is running, which brings its own.</summary>
    private void BeginFreeMonth(DateTimeOffset at)
    {
        org.FreeMonthEnd = GrantMonth.Since(at, org.CreatedAt).End;
        org.FreeMonthCredits = org.GrantMonthEnd > at ? 0 : rules.FreePerMonth;
        if (org.FreeMonthCredits > 0)
        {
            AddGrant(new CreditGrant
            {
                Id = Guid.CreateVersion7(at),
                OrgId = org.Id,
                Source = CreditSource.Free,
                SourceKey = $"free:{at.ToUnixTimeSeconds()}",
                Amount = org.FreeMonthCredits,
                Remaining = org.FreeMonthCredits,
                ExpiresAt = org.FreeMonthEnd.Value,
                CreatedAt = at,
            });
        }
    }

    /// <summary>Starts the month that begins at <paramref name="start"/>; the last one's credits end with it.</summary>
    private void BeginMonth(DateTimeOffset start, DateTimeOffset at)
    {
        (org.GrantMonthStart, org.GrantMonthEnd) = (start, GrantMonth.Around(start, org.CreditsFrom!.Value, org.CreditsUntil!.Value).End);
        // Netted against what the free plan brought in the same month, once.
        (org.GrantMonthCredits, org.FreeMonthCredits) = (org.FreeMonthEnd > at ? org.FreeMonthCredits : 0, 0);
        foreach (var former in Live.Where(grant => grant.Source == CreditSource.Plan && grant.ExpiresAt > at))
        {
            former.ExpiresAt = at;
        }
        ExpireUpTo(at);
        FillMonth(at);
    }

    /// <summary>Grants what the running month lacks to what is paid for, each part under the invoice that paid for it.</summary>
    private void FillMonth(DateTimeOffset at)
    {
        FillMonth(org.CreditsPerMonth - org.CreditsUpgrade, org.CreditsInvoiceId, at);
        FillMonth(org.CreditsPerMonth, org.CreditsUpgradeInvoiceId, at);
    }

    private void FillMonth(long level, string? invoiceId, DateTimeOffset at)
    {
        var start = org.GrantMonthStart!.Value;
        var lacking = level - org.GrantMonthCredits;
        if (lacking <= 0)
        {
            return;
        }
        org.GrantMonthCredits = level;
        AddGrant(new CreditGrant
        {
            Id = Guid.CreateVersion7(at),
            OrgId = org.Id,
            Source = CreditSource.Plan,
            // The entry's number: what was taken back of the month may be filled again, up to the same level.
            SourceKey = $"plan:{start.ToUnixTimeSeconds()}:{level}:{org.LedgerLength + 1}",
            Amount = lacking,
            Remaining = lacking,
            ExpiresAt = org.GrantMonthEnd!.Value + rules.RenewalGrace,
            MonthStart = start,
            MonthLevel = level,
            InvoiceId = invoiceId,
            CreatedAt = at,
        });
    }

    private void AddGrant(CreditGrant grant)
    {
        NewGrants.Add(grant);
        Grant(grant, grant.CreatedAt);
    }

    /// <summary>Books what has expired; what a hold needs of it stays until the hold ends.</summary>
    private void ExpireUpTo(DateTimeOffset at)
    {
        foreach (var grant in Consumable().Where(grant => grant.ExpiresAt <= at))
        {
            if (Math.Min(grant.Remaining, Available) is > 0 and var expired)
            {
                grant.Remaining -= expired;
                grant.Expired += expired;
                Move(Book(CreditEntryKind.Expiry, -expired, 0, at, grant.SourceKey), grant.Id, -expired);
            }
        }
    }
}
