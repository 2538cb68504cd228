using System.Globalization;
using System.Text.Json.Nodes;
using Billing.Operations;
using Billing.Persistence;
using Billing.Tests.World;
using Billing.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>
/// A full inbox takes events in, tries parked ones again and is pruned as an empty one: what PostgreSQL counts that it read says so. With a
/// hundred thousand events, or as many as <c>BILLING_LONG_INBOX</c> says (<c>tests/long.sh</c>: ten million).
/// </summary>
public sealed class LongInboxTests(BillingFixture fixture)
{
    private const int Deliveries = 40;
    private const int Old = 700;

    private static readonly int Length = int.Parse(Environment.GetEnvironmentVariable("BILLING_LONG_INBOX") ?? "100000", CultureInfo.InvariantCulture);

    /// <summary>What is counted late, of the time when the table was small enough to be read whole.</summary>
    private const int Few = 100;

    [Fact]
    public async Task Inbox_OfVeryManyEvents_IsReadByIndexAndAFewRowsAtATime()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var subscription = await org.SubscribeByHandAsync();
        await using var db = world.OpenDb();
        await FillAsync(db);
        var before = await ReadAsync(db);

        var start = world.Sandbox.Clock.GetUtcNow().AddSeconds(10);
        foreach (var i in Enumerable.Range(0, Deliveries))
        {
            var e = EventsByHand.Event("customer.subscription.updated", subscription, start.AddSeconds(i));
            await DeliverAsync(world, e);
            await DeliverAsync(world, e); // Stripe repeats some
            world.Service<ParkedEvents>().Wake(); // none of the parked is due
        }
        var taken = await Eventually.Async(() => ReadAsync(db), now => now.Inserted >= before.Inserted + Deliveries, "the counts are in");
        Assert.InRange(taken.Scanned - before.Scanned, 0, Few);
        Assert.InRange((taken.Rows - before.Rows) / Deliveries, 0, 5);

        var newest = await world.Service<StoredEvents>().ListAsync(orgId: null, outcome: null, limit: 20, CancellationToken.None);
        Assert.Equal(newest.OrderByDescending(e => e.ReceivedAt).Select(e => e.Id), newest.Select(e => e.Id));
        Assert.Contains(newest, e => e.Org == org.Id);
        await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET retry_at = clock_timestamp() WHERE id = 'evt_past_100'");
        world.Service<ParkedEvents>().Wake();
        await Eventually.Async(
            () => db.StripeEvents.AsNoTracking().SingleAsync(e => e.Id == "evt_past_100"), row => row.Attempts == 2, "the parked one was tried");
        world.Service<EventPruning>().Wake();
        var pruned = await Eventually.Async(() => ReadAsync(db), now => now.Deleted == before.Deleted + Old, "the old ones are deleted");
        Assert.InRange(pruned.Scanned - before.Scanned, 0, Few);
        // Each of the old ones is locked and emptied, then locked and deleted; as many again are only emptied.
        Assert.InRange(pruned.Rows - taken.Rows, Old, 10 * Old);
    }

    private static async Task DeliverAsync(BillingWorld world, JsonNode e) => Assert.Equal(200, (await world.Events.DeliverAsync(e)).Status);

    /// <summary>A month of events of many orgs, one in a hundred parked; 700 are due to be deleted, and 700 to be emptied.</summary>
    private static async Task FillAsync(BillingDb db)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(30));
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO stripe_events (id, type, created_at, received_at, payload, org_id, outcome, attempts, retry_at)
            SELECT 'evt_past_' || n, 'customer.subscription.updated', at, at, convert_to(repeat(md5(n::text), 10), 'UTF8'), 'past_' || n % 5000,
                CASE WHEN n % 100 = 0 THEN 'parked' ELSE 'applied' END, 1, CASE WHEN n % 100 = 0 THEN now() + interval '1 day' END
            FROM (SELECT n, now() - CASE WHEN n % 100 > 0 AND n <= {Old} / 99 * 100 + 7 THEN interval '91 days'
                    WHEN n % 100 > 0 AND n BETWEEN 1001 AND 1707 THEN interval '31 days'
                    ELSE interval '29 days' * (1 - n / {Length}::float8) END AS at
                FROM generate_series(1, {Length}) n) past
            """);
        await db.Database.ExecuteSqlAsync($"ANALYZE stripe_events");
    }

    private static async Task<Counts> ReadAsync(BillingDb db) => await db.Database.SqlQuery<Counts>(
        $"""
        SELECT seq_tup_read AS "Scanned", seq_tup_read + idx_tup_fetch AS "Rows", n_tup_ins AS "Inserted", n_tup_del AS "Deleted"
        FROM pg_stat_user_tables WHERE relname = 'stripe_events'
        """).SingleAsync();

    private sealed record Counts(long Scanned, long Rows, long Inserted, long Deleted);
}
