namespace Benchmarks.Machine;

/// <summary>
/// Orgs as they are after some months: a subscription, credits that last, ten ledger entries and ten events each. Made in the database, as a million of them could not be bought one by one; the probe of the ledger must find nothing wrong with it.
/// </summary>
internal static class PrimedLedgers
{
    /// <summary>Of an org's id, <c>org_0000001</c> being the first.</summary>
    public const int OrgDigits = 7;

    /// <summary>Entries and events per org.</summary>
    public const int History = 10;

    private const long Credits = 1_000_000_000;

    public static async Task CreateAsync(Cluster cluster, int orgs, CancellationToken cancellationToken)
    {
        var id = $"'org_' || to_char(i, 'FM{new string('0', OrgDigits)}')";
        var grant = $"md5({id})::uuid";
        foreach (var sql in (string[])
        [
            $"""
            INSERT INTO orgs (id, stripe_customer_id, customer_generation, name, plan, status, interval, current_period_end,
                cancel_at_period_end, version, created_at, lease_fence, balance, ledger_length)
            SELECT {id}, 'cus_Bench' || i, 0, 'Org ' || i, 'pro', 'active', 'monthly', now() + interval '20 days', false, 1,
                now() - interval '100 days', 0, {Credits - History + 1}, {History}
            FROM generate_series(1, {orgs}) i
            """,
            $"""
            INSERT INTO subscriptions (id, org_id, status, price_id, plan, interval, current_period_start, current_period_end,
                cancel_at_period_end, created_at, state_at, re_read_requests, re_read_attempts)
            SELECT 'sub_1Bench' || i, {id}, 'active', 'price_bench_pro_monthly', 'pro', 'monthly', now() - interval '10 days',
                now() + interval '20 days', false, now() - interval '100 days', now() - interval '10 days', 0, 0
            FROM generate_series(1, {orgs}) i
            """,
            $"""
            INSERT INTO credit_grants (id, org_id, source, source_key, amount, remaining, created_at)
            SELECT {grant}, {id}, 'top_up', 'bench', {Credits}, {Credits - History + 1}, now() - interval '90 days'
            FROM generate_series(1, {orgs}) i
            """,
            $"""
            INSERT INTO credit_entries (org_id, number, kind, balance_delta, debt_delta, balance_after, debt_after, source, reason, idempotency_key, created_at)
            SELECT {id}, n, CASE n WHEN 1 THEN 'grant' ELSE 'debit' END, CASE n WHEN 1 THEN {Credits} ELSE -1 END, 0, {Credits} - n + 1, 0,
                CASE n WHEN 1 THEN 'bench' END, CASE WHEN n > 1 THEN 'render' END, CASE WHEN n > 1 THEN 'past-' || n END, now() - interval '90 days' + interval '1 day' * n
            FROM generate_series(1, {orgs}) i, generate_series(1, {History}) n
            """,
            $"""
            INSERT INTO credit_movements (org_id, entry_number, grant_id, delta)
            SELECT {id}, n, {grant}, CASE n WHEN 1 THEN {Credits} ELSE -1 END FROM generate_series(1, {orgs}) i, generate_series(1, {History}) n
            """,
            $"""
            INSERT INTO stripe_events (id, type, created_at, received_at, payload, org_id, outcome, attempts)
            SELECT 'evt_past_' || i || '_' || n, 'customer.subscription.updated', at, at, convert_to(repeat(md5(i::text), 10), 'UTF8'), {id}, 'applied', 1
            FROM generate_series(1, {orgs}) i, generate_series(1, {History}) n, LATERAL (SELECT now() - interval '1 day' * n AS at) a
            """,
            $"""
            INSERT INTO credit_holds (id, org_id, amount, state, settled, created_at, expires_at)
            SELECT md5('hold' || i)::uuid, {id}, 1, 'released', NULL, now() - interval '2 days', now() - interval '1 day' FROM generate_series(1, {orgs}) i
            """,
            $"""
            INSERT INTO idempotency_keys (org_id, key, fingerprint, owner, expires_at, status, body)
            SELECT {id}, 'past-10', sha256('debit'), gen_random_uuid(), now() + interval '1 hour', 200, 'x' FROM generate_series(1, {orgs}) i
            """,
        ])
        {
            await cluster.ExecuteAsync(sql, cancellationToken);
        }
        await cluster.ExecuteAsync("VACUUM ANALYZE", cancellationToken);
    }
}
