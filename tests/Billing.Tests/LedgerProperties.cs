using Billing.Ledger;
using Billing.Persistence;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests;

/// <summary>
/// Any sequence of grants, plans, debits, holds and steps of the clock leaves the ledger as a plain model has it, and its entries and
/// movements add up (DESIGN rule 7).
/// </summary>
public sealed class LedgerProperties
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly LedgerRules Rules = new(TimeSpan.FromHours(72), FreePerMonth: 0);

    [Fact]
    public void Ledger_AnySequence_AgreesWithAPlainModelAfterEveryStep()
    {
        var steps = Gen.Zip(Gen.Choose(0, 9), Gen.Zip(Gen.Choose(1, 120), Gen.Choose(0, 60 * 24)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(60), Prop.ForAll(steps.ListOf().ToArbitrary(), sequence =>
        {
            var run = new Run();
            foreach (var (action, (amount, hours)) in sequence)
            {
                run.Step(action, amount, hours);
                run.Check();
            }
        }));
    }

    [Fact]
    public void Reversals_InAnyOrderAndAnyNumber_LeaveTheSameNetBalance()
    {
        var amounts = Gen.Zip(Gen.Choose(0, 100), Gen.Choose(0, 100));
        var targets = Gen.Zip(Gen.Choose(0, 3), Gen.Choose(0, 100)).ListOf();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Gen.Zip(amounts, Gen.Zip(targets, Gen.Choose(1, 1000))).ToArbitrary(), given =>
        {
            var ((debited, held), (steps, seed)) = given;
            // What Stripe says in the end of each payment; on the way there, in one order or another, it said other things.
            var last = Enumerable.Range(0, 4).Select(i => (Index: i, Target: steps.LastOrDefault(step => step.Item1 == i).Item2)).ToList();
            var random = new Random(seed);
            var runs = new[] { steps.Select(s => (s.Item1, s.Item2)), steps.OrderBy(_ => random.Next()).Select(s => (s.Item1, s.Item2)), [] }.Select(order =>
            {
                var org = new Org { Id = "org" };
                var ledger = new OrgLedger(org, [], [], Rules);
                var grants = Enumerable.Range(0, 4).Select(i => new CreditGrant
                {
                    Id = Guid.NewGuid(),
                    OrgId = "org",
                    Source = CreditSource.TopUp,
                    SourceKey = $"top_up:{i}",
                    Amount = 100,
                    Remaining = 100,
                    ExpiresAt = i == 0 ? Start.AddDays(1) : null,
                    CreatedAt = Start.AddTicks(i),
                }).ToList();
                grants.ForEach(grant => ledger.Grant(grant, Start));
                if (debited > 0)
                {
                    ledger.Debit(debited, null, null, Start);
                }
                var hold = held > 0 ? ledger.Hold(held, null, Start.AddDays(9), Start) : null;
                foreach (var (index, target) in order.Concat(last.Select(l => (l.Index, l.Target))))
                {
                    ledger.Reverse(grants[index], target, "pi", Start);
                    Assert.True(ledger.Available >= 0 && (ledger.Debt == 0 || ledger.Available == 0));
                    Assert.Equal(ledger.Movements.Sum(m => m.Delta), ledger.Balance);
                }
                if (hold is not null)
                {
                    ledger.Release(hold, Start);
                    Assert.True(ledger.Debt == 0 || ledger.Balance == 0);
                }
                return (ledger.Balance - ledger.Debt, string.Join(",", grants.Select(grant => grant.Reversed)));
            }).ToList();
            Assert.Single(runs.Distinct());
            Assert.Equal(400 - debited - last.Sum(l => l.Target), runs[0].Item1);
        }));
    }

    [Fact]
    public void Time_PassingInOneStepOrInMany_BooksTheSame()
    {
        var days = Gen.Choose(1, 40).NonEmptyListOf();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(days.ToArbitrary(), steps =>
        {
            var (lazy, busy) = (new Run(), new Run());
            foreach (var run in new[] { lazy, busy })
            {
                run.Ledger.Entitle(new Entitlement(100, Start, Start.AddYears(1), "in_1"), Start);
                run.Ledger.Hold(70, null, Start.AddDays(45), Start);
            }
            var now = Start;
            foreach (var step in steps)
            {
                now = now.AddDays(step);
                busy.Ledger.BringTo(now);
            }
            lazy.Ledger.BringTo(now);
            return lazy.Lines.SequenceEqual(busy.Lines);
        }));
    }

    /// <summary>The ledger beside a model that knows grants and holds as lists and the clock as a number, and nothing of entries.</summary>
    private sealed class Run
    {
        private readonly Org _org = new() { Id = "org" };
        private readonly List<CreditGrant> _grants = [];
        private readonly List<CreditHold> _holds = [];
        private readonly List<ModelGrant> _modelGrants = [];
        private readonly List<CreditHold> _modelHolds = [];
        private DateTimeOffset _now = Start;
        private int _topUps;

        public Run() => Ledger = new OrgLedger(_org, _grants, _holds, Rules);

        public OrgLedger Ledger { get; }

        public IEnumerable<(CreditEntryKind, long, long, DateTimeOffset)> Lines =>
            Ledger.Entries.Select(entry => (entry.Kind, entry.BalanceDelta, entry.BalanceAfter, entry.CreatedAt));

        public void Step(int action, int amount, int hours)
        {
            _now = _now.AddHours(hours);
            Ledger.BringTo(_now);
            Expire();
            switch (action)
            {
                case 0:
                    TopUp(amount, expires: null);
                    break;
                case 1:
                    TopUp(amount, expires: _now.AddHours(amount));
                    break;
                case 2 or 3 or 4:
                    Debit(amount);
                    break;
                case 5 or 6:
                    Hold(amount, hours + 1);
                    break;
                case 7 when _modelHolds.Count > 0:
                    Settle(_modelHolds[amount % _modelHolds.Count], amount);
                    break;
                case 8 when _modelHolds.Count > 0:
                    var released = _modelHolds[amount % _modelHolds.Count];
                    Ledger.Release(released, _now);
                    _modelHolds.Remove(released);
                    Expire();
                    break;
                default:
                    break;
            }
        }

        public void Check()
        {
            Assert.Equal(_modelGrants.Sum(grant => grant.Left), Ledger.Balance);
            Assert.Equal(_modelHolds.Sum(hold => hold.Amount), Ledger.Held);
            Assert.Equal(Ledger.Balance - Ledger.Held, Ledger.Available);
            Assert.True(Ledger.Available >= 0 && Ledger.Held >= 0);
            Assert.Equal(
                _modelGrants.Where(grant => grant.Left > 0).Select(grant => (grant.Id, grant.Left)).Order(),
                Ledger.Live.Select(grant => (grant.Id, grant.Remaining)).Order());
            Assert.Equal(Ledger.Entries.Sum(entry => entry.BalanceDelta), Ledger.Balance);
            Assert.Equal(Enumerable.Range(1, Ledger.Entries.Count).Select(n => (long)n), Ledger.Entries.Select(entry => entry.Number));
            Assert.All(_grants, grant => Assert.Equal(
                grant.Remaining, Ledger.Movements.Where(movement => movement.GrantId == grant.Id).Sum(movement => movement.Delta)));
            Assert.All(Ledger.Entries, entry => Assert.Equal(
                entry.BalanceDelta, Ledger.Movements.Where(movement => movement.EntryNumber == entry.Number).Sum(movement => movement.Delta)));
        }

        private void TopUp(int amount, DateTimeOffset? expires)
        {
            var grant = new CreditGrant
            {
                Id = Guid.CreateVersion7(_now),
                OrgId = "org",
                Source = CreditSource.TopUp,
                SourceKey = $"top_up:{_topUps++}",
                Amount = amount,
                Remaining = amount,
                ExpiresAt = expires,
                CreatedAt = _now.AddTicks(_topUps), // so that the order of spending is the order of buying
            };
            Ledger.Grant(grant, _now);
            _modelGrants.Add(new ModelGrant(grant.Id, expires, amount, _topUps));
            Expire();
        }

        private void Debit(int amount)
        {
            var available = _modelGrants.Sum(grant => grant.Left) - _modelHolds.Sum(hold => hold.Amount);
            Assert.Equal(amount <= available, Ledger.Debit(amount, null, null, _now) is not null);
            if (amount <= available)
            {
                Take(amount);
            }
        }

        private void Hold(int amount, int hours)
        {
            var available = _modelGrants.Sum(grant => grant.Left) - _modelHolds.Sum(hold => hold.Amount);
            var hold = Ledger.Hold(amount, null, _now.AddHours(hours), _now);
            Assert.Equal(amount <= available, hold is not null);
            if (hold is not null)
            {
                _modelHolds.Add(hold);
            }
        }

        private void Settle(CreditHold hold, int amount)
        {
            var taken = Math.Min(amount, hold.Amount);
            Ledger.Settle(hold, taken, _now);
            _modelHolds.Remove(hold);
            Take(taken);
            Expire();
        }

        private void Take(long amount)
        {
            foreach (var grant in _modelGrants.OrderBy(grant => grant.Expires ?? DateTimeOffset.MaxValue).ThenBy(grant => grant.Order))
            {
                var taken = Math.Min(amount, grant.Left);
                grant.Left -= taken;
                amount -= taken;
            }
            Assert.Equal(0, amount);
        }

        /// <summary>Hour by hour up to now: holds end, then what has expired goes as far as no hold needs it.</summary>
        private void Expire()
        {
            var instants = _modelHolds.Select(hold => hold.ExpiresAt)
                .Concat(_modelGrants.Select(grant => grant.Expires).OfType<DateTimeOffset>()).Append(_now)
                .Where(instant => instant <= _now).Distinct().Order().ToList();
            foreach (var instant in instants)
            {
                _modelHolds.RemoveAll(hold => hold.ExpiresAt <= instant);
                foreach (var grant in _modelGrants.Where(grant => grant.Expires <= instant).OrderBy(grant => grant.Expires).ThenBy(grant => grant.Order))
                {
                    var free = _modelGrants.Sum(g => g.Left) - _modelHolds.Sum(hold => hold.Amount);
                    grant.Left -= Math.Min(grant.Left, free);
                }
            }
        }

        private sealed record ModelGrant(Guid Id, DateTimeOffset? Expires, long Amount, int Order)
        {
            public long Left { get; set; } = Amount;
        }
    }
}
