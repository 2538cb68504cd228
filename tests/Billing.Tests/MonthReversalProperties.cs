using Billing.Ledger;
using Billing.Tests.World;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests;

/// <summary>
/// Whatever is bought, refunded and un-refunded inside one month, and in whatever order: the month holds what the highest of its payments
/// that stand paid for, once (DESIGN rules 6 and 7).
/// </summary>
public sealed class MonthReversalProperties
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Month_AfterAnySequenceOfPurchasesAndRefunds_HoldsWhatTheHighestStandingPaymentBrought()
    {
        // Payments of 1, 2 and 3 hundred credits a month; each step pays one of them for the first time, refunds it, or has its refund fail.
        var steps = Gen.Zip(Gen.Choose(0, 5), Gen.Choose(0, 2)).ListOf();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(Gen.Zip(steps, Gen.Choose(0, 150)).ToArbitrary(), given =>
        {
            var (sequence, free) = given;
            var run = new Run(free);
            foreach (var (payment, kind) in sequence)
            {
                run.Step(payment, kind);
                run.Check();
            }
        }));
    }

    private sealed class Run
    {
        private readonly Dictionary<int, bool> _paid = []; // payment → whether it was refunded
        private readonly PureLedger _pure;
        private readonly OrgLedger _ledger;
        private readonly long _free;
        private DateTimeOffset _now = Start;

        public Run(long free)
        {
            _free = free;
            _pure = new PureLedger(Start, free);
            _ledger = _pure.Ledger;
            _ledger.BringTo(Start);
        }

        public void Step(int payment, int kind)
        {
            _now = _now.AddMinutes(1);
            if (!_paid.ContainsKey(payment))
            {
                _paid[payment] = false;
            }
            else if (kind > 0)
            {
                _paid[payment] = kind == 1;
                var month = _ledger.NewGrants.Where(grant => grant.MonthStart is not null).ToList();
                if (month.Exists(grant => grant.InvoiceId == Invoice(payment)))
                {
                    _pure.ReverseMonth(month, grant => _paid[int.Parse(grant.InvoiceId!)], $"pi_{payment}", _now);
                }
            }
            _ledger.Entitle(Best(), _now);
        }

        public void Check()
        {
            var best = _paid.Where(payment => !payment.Value).Select(payment => Credits(payment.Key)).Append(0).Max();
            Assert.Equal(Math.Max(best, _free), _ledger.Balance - _ledger.Debt);
            Assert.Equal(_ledger.NewGrants.Count, _ledger.NewGrants.Select(grant => grant.SourceKey).Distinct().Count());
            Assert.All(_ledger.NewGrants, grant => Assert.InRange(grant.Reversed, 0, grant.Amount));
        }

        private Entitlement Best()
        {
            var standing = _paid.Where(payment => !payment.Value).Select(payment => payment.Key).ToList();
            return standing.Count == 0
                ? Entitlement.None
                : new Entitlement(standing.Max(Credits), Start, Start.AddMonths(1), Invoice(standing.MaxBy(Credits)));
        }

        private static long Credits(int payment) => 100 * (payment % 3 + 1);

        private static string Invoice(int payment) => $"{payment}";
    }
}
