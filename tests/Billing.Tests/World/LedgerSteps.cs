using Billing.Ledger;
using Billing.Persistence;

namespace Billing.Tests.World;

/// <summary>Takes the same steps on a ledger and on <see cref="LedgerModel"/>; where the ledger comes from is the caller's.</summary>
internal sealed class LedgerSteps(string orgId)
{
    public static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    public static readonly LedgerRules Rules = new(TimeSpan.FromHours(72), FreePerMonth: 0);

    private readonly LedgerModel _model = new(Start, Rules.RenewalGrace);
    private readonly List<(Guid Id, ModelGrant Grant)> _topUps = [];
    private readonly List<(Guid Id, ModelHold Hold)> _holds = [];

    public DateTimeOffset Now => _model.Now;

    /// <summary>Takes one step.</summary>
    /// <param name="ledger">With what <see cref="OrgLedger"/> needs of the org.</param>
    /// <param name="step">Which step, how much, and how many hours after the last one.</param>
    /// <param name="grant">Finds a grant that nothing may be left of.</param>
    /// <param name="hold">Finds an active hold.</param>
    /// <param name="takenBack">Finds what a payment has taken back.</param>
    /// <param name="add">Takes a grant that the step adds by itself.</param>
    public void Take(
        OrgLedger ledger, LedgerStep step, Func<Guid, CreditGrant> grant, Func<Guid, CreditHold> hold, Func<string, TakenBack> takenBack,
        Action<CreditGrant> add)
    {
        _model.Pass(TimeSpan.FromHours(step.Hours));
        ledger.BringTo(Now);
        _holds.RemoveAll(pair => !_model.Holds.Contains(pair.Hold));
        switch (step.Action)
        {
            case 0:
                TopUp(ledger, step.Amount, expires: null, add);
                break;
            case 1:
                TopUp(ledger, step.Amount, Now.AddHours(step.Amount), add);
                break;
            case 2 or 3 or 4:
                Assert.Equal(_model.Debit(step.Amount), ledger.Debit(step.Amount, null, null, Now) is not null);
                break;
            case 5:
                Hold(ledger, step);
                break;
            case 6 when _holds.Count > 0:
                var (settled, settledModel) = _holds[step.Amount % _holds.Count];
                var taken = Math.Min(step.Amount, settledModel.Amount);
                ledger.Settle(hold(settled), taken, Now);
                _model.End(settledModel, taken);
                break;
            case 7 when _holds.Count > 0:
                var (released, releasedModel) = _holds[step.Amount % _holds.Count];
                ledger.Release(hold(released), Now);
                _model.End(releasedModel, 0);
                break;
            case 8 or 9 when _topUps.Count > 0: // a refund or dispute grows, shrinks or ends
                var (reversed, reversedModel) = _topUps[step.Amount % _topUps.Count];
                var target = step.Hours % 4 == 0 ? 0 : Math.Min(step.Amount, reversedModel.Amount);
                var payment = $"pi_{reversed:N}";
                ledger.Reverse([new GrantReversal(grant(reversed), target)], takenBack(payment), payment, Now);
                _model.Reverse(reversedModel, target);
                break;
            case 10 or 11: // a plan is bought, changed or ended; a year of it, so that months begin by themselves
                var perMonth = step.Amount % 4 * 50;
                ledger.Entitle(new Entitlement(perMonth, Now, Now.AddYears(1), "in_" + step.Hours), Now);
                _model.Plan(perMonth);
                break;
            default:
                break;
        }
    }

    /// <summary>Holds the ledger to the model.</summary>
    public void Check(OrgLedger ledger)
    {
        Assert.Equal((_model.Balance, _model.Held, _model.Available, _model.Debt), (ledger.Balance, ledger.Held, ledger.Available, ledger.Debt));
        Assert.True(ledger.Available >= 0 && (ledger.Debt == 0 || ledger.Available == 0));
        Assert.Equal(_model.Left.Order(), ledger.Live.GroupBy(live => live.ExpiresAt).Select(same => (same.Key, same.Sum(live => live.Remaining))).Order());
    }

    private void TopUp(OrgLedger ledger, int amount, DateTimeOffset? expires, Action<CreditGrant> add)
    {
        var granted = new CreditGrant
        {
            Id = Guid.CreateVersion7(Now),
            OrgId = orgId,
            Source = expires is null ? CreditSource.TopUp : CreditSource.Free,
            SourceKey = $"top_up:{_topUps.Count}",
            Amount = amount,
            Remaining = amount,
            ExpiresAt = expires,
            CreatedAt = Now.AddMilliseconds(_topUps.Count), // so that the order of spending is the order of buying
        };
        add(granted);
        ledger.Grant(granted, Now);
        _topUps.Add((granted.Id, _model.TopUp(amount, expires)));
    }

    private void Hold(OrgLedger ledger, LedgerStep step)
    {
        var ends = Now.AddHours(step.Hours % 100 + 1);
        var (held, model) = (ledger.Hold(step.Amount, null, ends, Now), _model.Hold(step.Amount, ends));
        Assert.Equal(model is null, held is null);
        if (held is not null)
        {
            _holds.Add((held.Id, model!));
        }
    }
}

/// <param name="Action">0 to 12.</param>
/// <param name="Amount">1 to 120.</param>
/// <param name="Hours">Since the step before.</param>
internal sealed record LedgerStep(int Action, int Amount, int Hours);
