namespace Billing.Tests.World;

/// <summary>
/// An org's credits as one would explain them on a napkin: lists of grants and holds, a debt, a running month. It knows nothing of entries,
/// movements, rows or keys. Every call first lets time pass up to <see cref="Now"/>, an instant at a time.
/// </summary>
internal sealed class LedgerModel(DateTimeOffset start, TimeSpan renewalGrace)
{
    private readonly List<ModelGrant> _grants = [];
    private readonly List<ModelHold> _holds = [];
    private (long PerMonth, DateTimeOffset From, DateTimeOffset Until) _plan;
    private (DateTimeOffset End, long Level)? _month;
    private int _order;

    public DateTimeOffset Now { get; private set; } = start;

    public long Debt { get; private set; }

    public long Balance => _grants.Sum(grant => grant.Left);

    public long Held => _holds.Sum(hold => hold.Amount);

    public long Available => Balance - Held;

    public IReadOnlyList<ModelHold> Holds => _holds;

    /// <summary>What is left of what, in the order in which it is spent.</summary>
    public IEnumerable<(DateTimeOffset? Expires, long Left)> Left => Consumable().Select(grant => (grant.Expires, grant.Left));

    public void Pass(TimeSpan time)
    {
        var until = Now + time;
        while (NextDue(until) is { } due)
        {
            Now = due;
            _holds.RemoveAll(hold => hold.Ends <= due);
            Expire();
            PayDebt();
            if (_month?.End <= due && _plan.PerMonth > 0 && _month?.End < _plan.Until)
            {
                BeginMonth();
            }
        }
        Now = until;
    }

    public ModelGrant TopUp(long amount, DateTimeOffset? expires) => Grant(new ModelGrant(expires, amount, _order++, IsPlan: false));

    public bool Debit(long amount)
    {
        if (amount > Available)
        {
            return false;
        }
        Take(amount);
        return true;
    }

    public ModelHold? Hold(long amount, DateTimeOffset ends)
    {
        if (amount > Available)
        {
            return null;
        }
        _holds.Add(new ModelHold(amount, ends));
        return _holds[^1];
    }

    /// <summary>Takes some of a hold and frees the rest.</summary>
    public void End(ModelHold hold, long take)
    {
        _holds.Remove(hold);
        Take(take);
        Expire();
        PayDebt();
    }

    /// <summary>A refund or dispute of a top-up, or its end: so much of it is gone now.</summary>
    public void Reverse(ModelGrant grant, long target)
    {
        var more = target - grant.Reversed;
        grant.Reversed = target;
        if (more > 0)
        {
            var taken = Math.Min(more, Available);
            var own = Math.Min(taken, grant.Left);
            grant.Left -= own;
            Take(taken - own);
            Debt += more - taken;
        }
        else
        {
            var paid = Math.Min(-more, Debt);
            Debt -= paid;
            grant.Left += -more - paid;
            Expire();
        }
    }

    /// <summary>What is paid for from now on: so many credits a month for a year.</summary>
    public void Plan(long perMonth)
    {
        _plan = (perMonth, Now, Now.AddYears(1));
        if (perMonth == 0)
        {
            return;
        }
        if (_month is null || _month.Value.End <= Now)
        {
            _month = (Now, 0);
            BeginMonth();
        }
        else if (perMonth > _month.Value.Level)
        {
            var lacking = perMonth - _month.Value.Level;
            _month = (_month.Value.End, perMonth);
            Grant(new ModelGrant(_month.Value.End + renewalGrace, lacking, _order++, IsPlan: true));
        }
    }

    private void BeginMonth()
    {
        // The next monthly day of what is paid for: a plan bought inside a month shortens the one after it.
        var ends = Enumerable.Range(1, 12).Select(_plan.From.AddMonths).First(day => day > _month!.Value.End);
        _month = (ends, _plan.PerMonth);
        foreach (var former in _grants.Where(grant => grant.IsPlan && grant.Expires > Now))
        {
            former.Expires = Now;
        }
        Expire();
        Grant(new ModelGrant(_month.Value.End + renewalGrace, _plan.PerMonth, _order++, IsPlan: true));
    }

    private ModelGrant Grant(ModelGrant grant)
    {
        _grants.Add(grant);
        Expire();
        PayDebt();
        return grant;
    }

    private DateTimeOffset? NextDue(DateTimeOffset until)
    {
        var due = _holds.Select(hold => hold.Ends).Concat(_grants.Where(grant => grant.Left > 0).Select(grant => grant.Expires).OfType<DateTimeOffset>().Where(at => at > Now));
        if (_month is { } month && _plan.PerMonth > 0 && month.End < _plan.Until)
        {
            due = due.Append(month.End);
        }
        var at = due.Where(instant => instant <= until).Order().Cast<DateTimeOffset?>().FirstOrDefault();
        return at < Now ? Now : at;
    }

    /// <summary>What has expired goes, as far as no hold needs it.</summary>
    private void Expire()
    {
        foreach (var grant in Consumable().Where(grant => grant.Expires <= Now).ToList())
        {
            grant.Left -= Math.Min(grant.Left, Available);
        }
    }

    private void PayDebt()
    {
        var paid = Math.Min(Debt, Available);
        Debt -= paid;
        Take(paid);
    }

    private void Take(long amount)
    {
        foreach (var grant in Consumable().ToList())
        {
            var taken = Math.Min(amount, grant.Left);
            grant.Left -= taken;
            amount -= taken;
        }
        Assert.Equal(0, amount);
    }

    private IOrderedEnumerable<ModelGrant> Consumable() =>
        _grants.Where(grant => grant.Left > 0).OrderBy(grant => grant.Expires ?? DateTimeOffset.MaxValue).ThenBy(grant => grant.Order);
}

internal sealed class ModelHold(long amount, DateTimeOffset ends)
{
    public long Amount { get; } = amount;

    public DateTimeOffset Ends { get; } = ends;
}

internal sealed record ModelGrant(DateTimeOffset? FirstExpires, long Amount, int Order, bool IsPlan)
{
    public DateTimeOffset? Expires { get; set; } = FirstExpires;

    public long Left { get; set; } = Amount;

    public long Reversed { get; set; }
}
