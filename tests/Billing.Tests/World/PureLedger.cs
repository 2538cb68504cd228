using Billing.Ledger;
using Billing.Persistence;

namespace Billing.Tests.World;

/// <summary>A ledger that lives in memory only, with all that it ever booked at hand; a plan's grace is 72 hours.</summary>
internal sealed class PureLedger
{
    public PureLedger(DateTimeOffset created, long freePerMonth = 0) => Ledger = new OrgLedger(
        new Org { Id = "org", CreatedAt = created, Plan = "pro" }, Grants, [], new LedgerRules(TimeSpan.FromHours(72), freePerMonth));

    public OrgLedger Ledger { get; }

    public List<CreditGrant> Grants { get; } = [];

    public CreditGrant TopUp(long amount, DateTimeOffset at)
    {
        var grant = new CreditGrant
        {
            Id = Guid.CreateVersion7(at),
            OrgId = "org",
            Source = CreditSource.TopUp,
            SourceKey = $"top_up:{Grants.Count}",
            Amount = amount,
            Remaining = amount,
            CreatedAt = at.AddTicks(Grants.Count), // so that the order of spending is the order of buying
        };
        Ledger.Grant(grant, at);
        return grant;
    }

    public void Reverse(CreditGrant grant, long target, string payment, DateTimeOffset now) => Reverse([new GrantReversal(grant, target)], payment, now);

    public void ReverseMonth(IEnumerable<CreditGrant> month, Predicate<CreditGrant> isReversed, string payment, DateTimeOffset now) =>
        Reverse([.. OrgLedger.ReverseMonth(month, isReversed)], payment, now);

    private void Reverse(IReadOnlyCollection<GrantReversal> targets, string payment, DateTimeOffset now)
    {
        Ledger.BringTo(now);
        Ledger.Reverse(targets, TakenBack.Of(payment, Ledger.Entries, Ledger.Movements, Grants.ToDictionary(grant => grant.Id)), payment, now);
    }
}
