using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>What the rules rest on is in the database itself.</summary>
public sealed class SchemaTests(BillingFixture fixture)
{
    [Fact]
    public void Model_HasNoChangesThatNoMigrationMakes()
    {
        using var db = fixture.World.OpenDb();
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Readiness_LooksAtEveryTable()
    {
        using var db = fixture.World.OpenDb();
        Assert.Equal(db.Model.GetEntityTypes().Select(entity => entity.GetTableName()).Order(), Schema.Tables.Order());
    }

    /// <summary>So that orgs can be split over several databases (DESIGN section 9). Runs are few; sightings are what a run has seen.</summary>
    [Fact]
    public void EveryTableThatGrows_CarriesTheOrg()
    {
        using var db = fixture.World.OpenDb();
        var without = db.Model.GetEntityTypes().Where(entity => entity.FindProperty("OrgId") is null).Select(entity => entity.GetTableName());
        Assert.Equal(["orgs", "reconciliations", "sightings"], without.Order());
    }

    [Fact]
    public async Task Names_AreSnakeCase()
    {
        await using var db = fixture.World.OpenDb();
        var odd = await db.Database.SqlQuery<string>(
            $"""
            SELECT name AS "Value" FROM (
                SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'
                UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = 'public') names
            WHERE name !~ '^[a-z0-9_.]+$' AND name NOT LIKE '%EFMigrations%' AND name NOT LIKE '%MigrationId' AND name NOT LIKE '%ProductVersion'
            """).ToListAsync();
        Assert.Empty(odd);
    }

    [Theory]
    [InlineData("INSERT INTO api_keys (id, hash, role, name, created_at) VALUES ('k1', '\\x00', 'service', '', now())", "ck_api_keys_hash")]
    [InlineData("INSERT INTO api_keys (id, hash, role, name, created_at) VALUES ('k2', sha256('a'), 'owner', '', now())", "ck_api_keys_org")]
    [InlineData("UPDATE orgs SET status = 'active' WHERE id = 'o'", "ck_orgs_free")]
    [InlineData("UPDATE orgs SET stripe_customer_id = 'cus_1'", "ix_orgs_stripe_customer_id")]
    [InlineData("UPDATE checkout_sessions SET state = 'open'", "ux_checkout_sessions_live")]
    [InlineData("UPDATE checkout_sessions SET session_id = 'cs_1'", "ix_checkout_sessions_session_id")]
    [InlineData("UPDATE checkout_sessions SET state = 'complete', session_id = NULL", "ck_checkout_sessions_session_id")]
    [InlineData("INSERT INTO idempotency_keys SELECT 'o', 'k', sha256('b'), gen_random_uuid(), NULL, NULL, NULL, now()", "pk_idempotency_keys")]
    [InlineData("UPDATE idempotency_keys SET key = ''", "ck_idempotency_keys_key")]
    [InlineData("UPDATE idempotency_keys SET key = E'a\\nb'", "ck_idempotency_keys_key")]
    [InlineData("UPDATE idempotency_keys SET fingerprint = 'short'", "ck_idempotency_keys_fingerprint")]
    [InlineData("UPDATE idempotency_keys SET status = 200", "ck_idempotency_keys_answer")]
    [InlineData("UPDATE idempotency_keys SET status = 200, body = '', lease_until = now()", "ck_idempotency_keys_answer")]
    public async Task Database_RefusesWhatMustNotBe(string sql, string constraint)
    {
        await using var db = BillingFixture.OpenDb(await fixture.CreateDatabaseAsync());
        await db.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO orgs (id, plan, cancel_at_period_end, customer_generation, version, created_at, lease_fence)
            SELECT id, 'free', false, 0, 0, now(), 0 FROM unnest(ARRAY['o', 'p']) id;
            INSERT INTO checkout_sessions (id, org_id, kind, plan, interval, price_id, amount, currency, success_url, cancel_url, parameters,
                attempt, state, session_id, expires_at, created_at)
            SELECT gen_random_uuid(), 'o', 'subscription', 'pro', 'monthly', 'price', 1, 'usd', '', '', '{{}}', 1, 'expired', s, now(), now()
            FROM unnest(ARRAY['cs_a', 'cs_b']) s;
            INSERT INTO idempotency_keys (org_id, key, fingerprint, owner, expires_at) VALUES ('o', 'k', sha256('a'), gen_random_uuid(), now());
            """);

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql));

        Assert.Equal(constraint, refused.ConstraintName);
    }
}
