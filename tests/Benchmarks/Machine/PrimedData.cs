using Benchmarks.Load;

namespace Benchmarks.Machine;

/// <summary>Orgs with one active subscription each, as if each had bought plan pro ten days ago and been read from its first event.</summary>
internal static class PrimedData
{
    public static async Task CreateAsync(Cluster cluster, EventCourse course, CancellationToken cancellationToken)
    {
        var (begin, end, seen) = ($"to_timestamp({course.PeriodStart})", $"to_timestamp({course.PeriodEnd(0)})", $"to_timestamp({course.CreatedAt(0)})");
        await cluster.ExecuteAsync(
            $"""
            INSERT INTO orgs (id, stripe_customer_id, customer_generation, name, plan, status, interval, current_period_end,
                cancel_at_period_end, version, created_at, lease_fence)
            SELECT 'org_' || n, 'cus_Bench' || n, 0, 'Org ' || n, 'pro', 'active', 'monthly', {end}, false, 1, {begin}, 0
            FROM (SELECT to_char(i, 'FM00000') AS n FROM generate_series(1, {EventCourse.Subscriptions}) i) numbers;

            INSERT INTO subscriptions (id, org_id, status, price_id, plan, interval, current_period_start, current_period_end,
                cancel_at_period_end, created_at, state_at, re_read_requests, re_read_attempts)
            SELECT 'sub_1Bench' || n, 'org_' || n, 'active', '{EventCourse.PriceId}', 'pro', 'monthly', {begin}, {end}, false, {begin}, {seen}, 0, 0
            FROM (SELECT to_char(i, 'FM00000') AS n FROM generate_series(1, {EventCourse.Subscriptions}) i) numbers;
            """, cancellationToken);
        await cluster.ExecuteAsync("VACUUM ANALYZE", cancellationToken);
    }
}
