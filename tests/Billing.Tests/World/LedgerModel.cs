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
    private readonly Dictionary<ModelGrant, long> _takenFrom = []; // by reversals and for debt, net of what was given back
    private int _order;
    private int _months;

    public DateTimeOffset Now { get; private set; } = start;

    public long Debt { get; private set; }

    public long Balance => _grants.Sum(grant => grant.Left);

    public long Held => _holds.Sum(hold => hold.Amount);

    public long Available => Balance - Held;

    public IReadOnlyList<ModelHold> Holds => _holds;

    /// <summary>How much is left until when.</summary>
    public IEnumerable<(DateTimeOffset? Expires, long Left)> Left =>
        Consumable().GroupBy(grant => grant.Expires).Select(same => (same.Key, same.Sum(grant => grant.Left)));

    public void Pass(TimeSpan time)
    {
        var until = Now + time;
        while (NextDue(until) is { } due)
        {
            Now = due;
            _holds.RemoveAll(hold => hold.Ends <= due);
            PayDebt();
            Expire();
            if (_month?.End <= due && _plan.PerMonth > 0 && _month?.End < _plan.Until)
            {
                BeginMonth();
            }
        }
        Now = until;
    }

    public ModelGrant TopUp(long amount, DateTimeOffset? expires) => Grant(new ModelGrant(expires, amount, _order++));

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
        PayDebt();
        Expire();
    }

    /// <summary>A refund or dispute of a top-up, or its end: so much of it is gone now, but what expired unspent is not taken again.</summary>
    public void Reverse(ModelGrant grant, long wanted)
    {
        var target = Math.Min(wanted, grant.Amount - grant.Expired);
        var more = target - grant.Reversed;
        grant.Reversed = target;
        if (more > 0)
        {
            var taken = Math.Min(more, Available);
            var own = TakeFrom(grant, Math.Min(taken, grant.Left), grant.TakenFrom, _takenFrom);
            Take(taken - own, grant.TakenFrom, _takenFrom);
            Debt += more - taken;
        }
        else
        {
            GiveBack(grant, -more);
        }
    }

    /// <summary>Pays debt first, then goes where it came from; as far as it had become debt, to whom paid for any.</summary>
    private void GiveBack(ModelGrant grant, long amount)
    {
        var debt = Math.Min(amount, Debt);
        Debt -= debt;
        var rest = amount - debt;
        var given = new Dictionary<ModelGrant, long>();
        Give(grant.TakenFrom.ToList());
        Give(_takenFrom.ToList());
        Assert.Equal(0, rest);
        foreach (var (to, back) in given)
        {
            grant.TakenFrom[to] = grant.TakenFrom.GetValueOrDefault(to) - back;
            _takenFrom[to] = _takenFrom.GetValueOrDefault(to) - back;
        }
        Expire();

        void Give(List<KeyValuePair<ModelGrant, long>> places)
        {
            foreach (var (to, limit) in places.OrderBy(place => place.Key == grant)
                .ThenByDescending(place => place.Key.Expires ?? DateTimeOffset.MaxValue).ThenBy(place => place.Key.Order))
            {
                var back = new[] { limit - given.GetValueOrDefault(to), to.Amount - to.Left - to.Expired, rest }.Min();
                if (back > 0)
                {
                    to.Expires = to.IsPlan && to.Month != _months && to.Expires > Now ? Now : to.Expires;
                    to.Left += back;
                    given[to] = given.GetValueOrDefault(to) + back;
                    rest -= back;
                }
            }
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
            Grant(new ModelGrant(_month.Value.End + renewalGrace, lacking, _order++) { Month = _months });
        }
    }

    private void BeginMonth()
    {
        // The next monthly day of what is paid for: a plan bought inside a month shortens the one after it.
        var ends = Enumerable.Range(1, 12).Select(_plan.From.AddMonths).First(day => day > _month!.Value.End);
        _month = (ends, _plan.PerMonth);
        _months++;
        foreach (var former in _grants.Where(grant => grant.IsPlan && grant.Expires > Now))
        {
            former.Expires = Now;
        }
        Expire();
        Grant(new ModelGrant(_month.Value.End + renewalGrace, _plan.PerMonth, _order++) { Month = _months });
    }

    private ModelGrant Grant(ModelGrant grant)
    {
        _grants.Add(grant);
        PayDebt();
        Expire();
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
            var expired = Math.Min(grant.Left, Available);
            grant.Left -= expired;
            grant.Expired += expired;
        }
    }

    private void PayDebt()
    {
        var paid = Math.Min(Debt, Available);
        Debt -= paid;
        Take(paid, _takenFrom);
    }

    private void Take(long amount, params Dictionary<ModelGrant, long>[] notedIn)
    {
        foreach (var grant in Consumable().ToList())
        {
            amount -= TakeFrom(grant, Math.Min(amount, grant.Left), notedIn);
        }
        Assert.Equal(0, amount);
    }

    private static long TakeFrom(ModelGrant grant, long amount, params Dictionary<ModelGrant, long>[] notedIn)
    {
        grant.Left -= amount;
        foreach (var notes in notedIn)
        {
            notes[grant] = notes.GetValueOrDefault(grant) + amount;
        }
        return amount;
    }

    private IOrderedEnumerable<ModelGrant> Consumable() =>
        _grants.Where(grant => grant.Left > 0).OrderBy(grant => grant.Expires ?? DateTimeOffset.MaxValue).ThenBy(grant => grant.Order);
}

internal sealed class ModelHold(long amount, DateTimeOffset ends)
{
    public long Amount { get; } = amount;

    public DateTimeOffset Ends { get; } = ends;
}

internal sealed class ModelGrant(DateTimeOffset? expires, long amount, int order)
{
    public long Amount { get; } = amount;

    public int Order { get; } = order;

    /// <summary>Which month of the plan it is for; null for a top-up.</summary>
    public int? Month { get; init; }

    public bool IsPlan => Month is not null;

    public DateTimeOffset? Expires { get; set; } = expires;

    public long Left { get; set; } = amount;

    public long Expired { get; set; }

    public long Reversed { get; set; }

    /// <summary>What its reversals took from whom, net of what was given back.</summary>
    public Dictionary<ModelGrant, long> TakenFrom { get; } = [];
}
