using System.Globalization;
using System.Text;
using Billing.Authentication;
using Billing.Ledger;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>
/// An org with a long ledger debits and pages like one with a short one: what PostgreSQL counts that it read says so. With twenty thousand
/// entries, or as many as <c>BILLING_LONG_LEDGER</c> says (<c>tests/long.sh</c>: a million).
/// </summary>
public sealed class LongLedgerTests(BillingFixture fixture)
{
    private const int Calls = 20;

    private static readonly int Length = int.Parse(Environment.GetEnvironmentVariable("BILLING_LONG_LEDGER") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task DebitsAndPages_OfALongLedger_ReadAFewRowsByIndexAndNoTable()
    {
        await using var world = await StartWorldAsync();
        await world.Service<LedgerWatch>().StopAsync(CancellationToken.None); // which reads whole ledgers
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync(await org.BuyCreditsAsync());
        await using var db = world.OpenDb();
        await LengthenAsync(db, org.Id);
        var service = await world.CreateKeyAsync(Role.Service);
        var before = await ReadAsync(db);

        for (var i = 0; i < Calls; i++)
        {
            await DebitAsync(world, org, service);
            var page = await org.GetAsync("/credits/ledger?limit=10&cursor=" + (Length / 2));
            Assert.Equal($"{Length / 2 - 1}", page["entries.0.entry_id"]);
            Assert.Equal(10, (await org.GetAsync("/credits/ledger?limit=10&kind=debit")).Body!["entries"]!.AsArray().Count);
        }

        var rows = await Eventually.Async(() => ReadAsync(db), now => now.Written >= before.Written + Calls, "the counts are in");
        Assert.Equal(before.Scans, rows.Scans);
        Assert.InRange((rows.Rows - before.Rows) / Calls, 1, 60); // two pages of 11, a grant, a key and what constraints look up
        Assert.Equal("", (await world.Service<LedgerProbe>().CheckAsync(org.Id, CancellationToken.None))!.Wrong);
    }

    /// <summary>The probe once read all holds for each org: ten minutes for a hundred thousand orgs with one each.</summary>
    [Fact]
    public async Task Probe_OfManyOrgs_WhoseHoldsHaveEnded_ReadsThemByIndexAndNoTable()
    {
        const int orgs = 300;
        await using var world = await StartWorldAsync();
        await world.Service<LedgerWatch>().StopAsync(CancellationToken.None);
        await using var db = world.OpenDb();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO orgs (id, plan, cancel_at_period_end, customer_generation, version, created_at, lease_fence)
            SELECT 'past-' || n, 'free', false, 0, 0, now(), 0 FROM generate_series(1, {orgs}) n;
            INSERT INTO credit_holds (id, org_id, amount, state, created_at, expires_at)
            SELECT gen_random_uuid(), 'past-' || n, 1, 'released', now(), now() FROM generate_series(1, {orgs}) n, generate_series(1, 100);
            ANALYZE credit_holds;
            """);
        var before = await HoldsAsync(db);

        var found = await world.Service<LedgerProbe>().CheckAsync("", orgs, CancellationToken.None);

        Assert.Equal(orgs, found.Count(finding => finding.IsClean));
        var after = await Eventually.Async(() => HoldsAsync(db), now => now.Looks >= before.Looks + orgs, "the looks into the index are counted");
        Assert.Equal(before.Scans, after.Scans);
    }

    /// <summary>On a database that nobody used before: what others read of it, their clearing up as well, might be counted only now.</summary>
    private async Task<BillingWorld> StartWorldAsync() =>
        await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync(), deliver: false, giveBack: fixture.DropDatabaseAsync);

    private static async Task<HoldCounts> HoldsAsync(Persistence.BillingDb db) => await db.Database.SqlQuery<HoldCounts>(
        $"""SELECT seq_scan AS "Scans", idx_scan AS "Looks" FROM pg_stat_user_tables WHERE relname = 'credit_holds'""").SingleAsync();

    /// <summary>
    /// A past of purchases that were spent, each an entry, a movement and every tenth a grant and a hold. There are as many orgs with one hold each, so
    /// that an org seems to have few.
    /// </summary>
    private static async Task LengthenAsync(Persistence.BillingDb db, string org)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(5));
        // Of one connection, that what its work read is counted before the test looks at the counts.
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync(
            """
            CREATE TEMP TABLE past AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, {1} / 10) n;
            INSERT INTO credit_grants (id, org_id, source, source_key, amount, remaining, created_at)
            SELECT id, {0}, 'top_up', 'top_up:past:' || n, 9, 0, now() FROM past;
            INSERT INTO credit_entries (org_id, number, kind, balance_delta, debt_delta, balance_after, debt_after, created_at)
            SELECT {0}, 1 + (n - 1) * 10 + k, CASE WHEN k = 1 THEN 'grant' ELSE 'debit' END, CASE WHEN k = 1 THEN 9 ELSE -1 END, 0,
                500 + 10 - k, 0, now()
            FROM past, generate_series(1, 10) k;
            INSERT INTO credit_movements (org_id, entry_number, grant_id, delta)
            SELECT {0}, 1 + (n - 1) * 10 + k, id, CASE WHEN k = 1 THEN 9 ELSE -1 END FROM past, generate_series(1, 10) k;
            UPDATE orgs SET ledger_length = 1 + {1} WHERE id = {0};
            INSERT INTO orgs (id, plan, cancel_at_period_end, customer_generation, version, created_at, lease_fence)
            SELECT 'past-' || n, 'free', false, 0, 0, now(), 0 FROM past;
            INSERT INTO credit_holds (id, org_id, amount, state, created_at, expires_at)
            SELECT gen_random_uuid(), org, 1, 'released', now(), now() FROM past, LATERAL (VALUES ({0}), ('past-' || n)) orgs (org);
            ANALYZE;
            """, org, Length);
        await db.Database.ExecuteSqlRawAsync("SELECT pg_stat_force_next_flush()");
        await db.Database.CloseConnectionAsync();
    }

    private static async Task<Counts> ReadAsync(Persistence.BillingDb db) => await db.Database.SqlQuery<Counts>(
        $"""
        SELECT sum(seq_scan)::bigint AS "Scans", sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint AS "Rows",
            sum(n_tup_ins) FILTER (WHERE relname = 'credit_entries')::bigint AS "Written"
        FROM pg_stat_user_tables WHERE relname IN ('credit_entries', 'credit_movements', 'credit_grants', 'credit_holds')
        """).SingleAsync();

    private static async Task DebitAsync(BillingWorld world, TestOrg org, string service)
    {
        using var client = world.Client(service);
        client.DefaultRequestHeaders.Add("Billing-Org", org.Id);
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var json = new StringContent("""{"amount":1}""", Encoding.UTF8, "application/json");
        Assert.True((await client.PostAsync("/v1/billing/credits/debit", json)).IsSuccessStatusCode);
    }

    private sealed record Counts(long Scans, long Rows, long Written);

    private sealed record HoldCounts(long Scans, long Looks);
}
