using Billing.Ledger;
using Billing.Persistence;
using Billing.Tests.World;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>
/// Any sequence of top-ups, expiries, debits, holds, refunds, disputes, plans and steps of the clock leaves the ledger as a plain model has
/// it after every step, and its entries and movements add up (DESIGN rule 7): in memory by the thousand, and through the tables.
/// </summary>
public sealed class LedgerModelProperties(BillingFixture fixture)
{
    private static readonly Gen<LedgerStep> Step =
        from action in Gen.Choose(0, 12)
        from amount in Gen.Choose(1, 120)
        from hours in Gen.Choose(0, 60 * 24)
        select new LedgerStep(action, amount, hours);

    [Fact]
    public void Ledger_AnySequence_AgreesWithAPlainModelAfterEveryStep() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(60), Prop.ForAll(Step.ListOf().ToArbitrary(), sequence =>
        {
            List<CreditGrant> grants = [];
            List<CreditHold> holds = [];
            var ledger = new OrgLedger(new Org { Id = "org" }, grants, holds, LedgerSteps.Rules);
            var steps = new LedgerSteps("org");
            foreach (var step in sequence)
            {
                steps.Take(
                    ledger, step, id => grants.Single(grant => grant.Id == id), id => holds.Single(hold => hold.Id == id),
                    payment => TakenBack.Of(payment, ledger.Entries, ledger.Movements, grants.ToDictionary(grant => grant.Id)), _ => { });
                steps.Check(ledger);
                AddsUp(ledger, grants);
            }
        }));

    [Fact]
    public async Task Ledger_KeptInTheDatabaseAfterEveryStep_AgreesWithAPlainModel()
    {
        foreach (var sequence in Step.ListOf(40).Sample(12))
        {
            var org = await TestOrg.CreateAsync(fixture.SilentWorld);
            var steps = new LedgerSteps(org.Id);
            foreach (var step in sequence)
            {
                await TakeAsync(org.Id, steps, step);
            }
            Assert.Equal("", (await fixture.SilentWorld.Service<LedgerProbe>().CheckAsync(org.Id, CancellationToken.None))!.Wrong);
        }
    }

    /// <summary>In a transaction of its own, as a debit is: what it does not write is lost to the next step.</summary>
    private async Task TakeAsync(string orgId, LedgerSteps steps, LedgerStep step)
    {
        await using var db = fixture.SilentWorld.OpenDb();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var now = steps.Now.AddHours(step.Hours);
        var parts = (await LockedLedger.LoadAsync(db, orgId, now, holdId: null, key: null, [], readBefore: null, CancellationToken.None))!;
        var ledger = new OrgLedger(parts.Org, parts.Grants, parts.Holds, LedgerSteps.Rules);
        steps.Take(
            ledger, step, id => db.CreditGrants.Single(grant => grant.Id == id), id => db.CreditHolds.Single(hold => hold.Id == id),
            payment => LedgerRows.TakenBackAsync(db, orgId, payment, CancellationToken.None).GetAwaiter().GetResult(),
            grant => db.CreditGrants.Add(grant));
        steps.Check(ledger);
        LedgerRows.Keep(db, ledger);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private static void AddsUp(OrgLedger ledger, List<CreditGrant> grants)
    {
        Assert.Equal((ledger.Balance, ledger.Debt), (ledger.Entries.Sum(entry => entry.BalanceDelta), ledger.Entries.Sum(entry => entry.DebtDelta)));
        Assert.Equal(Enumerable.Range(1, ledger.Entries.Count).Select(n => (long)n), ledger.Entries.Select(entry => entry.Number));
        Assert.All(grants, grant => Assert.Equal(
            grant.Remaining, ledger.Movements.Where(movement => movement.GrantId == grant.Id).Sum(movement => movement.Delta)));
        Assert.All(ledger.Entries, entry => Assert.Equal(
            entry.BalanceDelta, ledger.Movements.Where(movement => movement.EntryNumber == entry.Number).Sum(movement => movement.Delta)));
    }
}
