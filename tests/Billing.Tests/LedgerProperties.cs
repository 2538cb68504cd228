using Billing.Ledger;
using Billing.Persistence;
using Billing.Tests.World;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests;

/// <summary>What order and lateness must not change (DESIGN rule 7). <see cref="LedgerModelProperties"/> has what must come out.</summary>
public sealed class LedgerProperties
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly LedgerRules Rules = new(TimeSpan.FromHours(72), FreePerMonth: 0);

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
                var pure = new PureLedger(Start);
                var ledger = pure.Ledger;
                var grants = Enumerable.Range(0, 4).Select(_ => pure.TopUp(100, Start)).ToList();
                if (debited > 0)
                {
                    ledger.Debit(debited, null, null, Start);
                }
                var hold = held > 0 ? ledger.Hold(held, null, Start.AddDays(9), Start) : null;
                foreach (var (index, target) in order.Concat(last.Select(l => (l.Index, l.Target))))
                {
                    pure.Reverse(grants[index], target, $"pi_{index}", Start);
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
            var (lazy, busy) = (New(), New());
            foreach (var ledger in new[] { lazy, busy })
            {
                ledger.Entitle(new Entitlement(100, Start, Start.AddYears(1), "in_1"), Start);
                ledger.Hold(70, null, Start.AddDays(45), Start);
            }
            var now = Start;
            foreach (var step in steps)
            {
                now = now.AddDays(step);
                busy.BringTo(now);
            }
            lazy.BringTo(now);
            return Lines(lazy).SequenceEqual(Lines(busy));
        }));
    }

    private static OrgLedger New() => new(new Org { Id = "org" }, [], [], Rules);

    private static IEnumerable<(CreditEntryKind, long, long, DateTimeOffset)> Lines(OrgLedger ledger) =>
        ledger.Entries.Select(entry => (entry.Kind, entry.BalanceDelta, entry.BalanceAfter, entry.CreatedAt));
}
