using Benchmarks.Load;
using Benchmarks.Machine;

namespace Benchmarks;

/// <summary>Whether the database holds what the host has answered for: at once, as a 200 promises.</summary>
internal sealed class Verification(Cluster cluster, EventCourse course, AcceptedEvents accepted)
{
    private const int MostExamples = 3;

    public async Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken) =>
        [.. await FindInInboxAsync(cancellationToken), .. await FindInStateAsync(cancellationToken)];

    private async Task<List<string>> FindInInboxAsync(CancellationToken cancellationToken)
    {
        List<string> problems = [];
        var stored = 0L;
        await using var command = cluster.CreateCommand("SELECT outcome, count(*), min(detail) FROM stripe_events GROUP BY outcome");
        await using var outcomes = await command.ExecuteReaderAsync(cancellationToken);
        while (await outcomes.ReadAsync(cancellationToken))
        {
            var (outcome, count) = (outcomes.GetString(0), outcomes.GetInt64(1));
            stored += count;
            // Older: an event that another one of the same subscription overtook.
            if (outcome is not ("applied" or "older"))
            {
                problems.Add($"{count} events are {outcome}: {(await outcomes.IsDBNullAsync(2, cancellationToken) ? "" : outcomes.GetString(2))}");
            }
        }
        if (stored != accepted.Count)
        {
            problems.Add($"{accepted.Count} distinct events were accepted, and {stored} are stored");
        }
        return problems;
    }

    private async Task<List<string>> FindInStateAsync(CancellationToken cancellationToken)
    {
        List<string> wrong = [];
        await using var command = cluster.CreateCommand("""
            SELECT right(s.id, 5)::integer, extract(epoch FROM s.state_at)::bigint,
                extract(epoch FROM s.current_period_end)::bigint, s.cancel_at_period_end, extract(epoch FROM s.cancel_at)::bigint,
                (o.plan, o.status, o.current_period_end, o.cancel_at_period_end, o.cancel_at)
                    IS NOT DISTINCT FROM (s.plan, s.status, s.current_period_end, s.cancel_at_period_end, s.cancel_at)
            FROM subscriptions s JOIN orgs o ON o.id = s.org_id
            """);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var subscription = rows.GetInt32(0);
            var number = accepted.Newest(subscription);
            var cancelling = EventCourse.IsCancelling(number);
            long? cancelAt = await rows.IsDBNullAsync(4, cancellationToken) ? null : rows.GetInt64(4);
            var stored = (rows.GetInt64(1), rows.GetInt64(2), rows.GetBoolean(3), cancelAt);
            var newest = (course.CreatedAt(number), course.PeriodEnd(number), cancelling, cancelling ? course.PeriodEnd(number) : (long?)null);
            if (stored != newest || !rows.GetBoolean(5))
            {
                wrong.Add($"subscription {subscription} is {stored}, its newest event says {newest}, its org {(rows.GetBoolean(5) ? "agrees" : "differs")}");
            }
        }
        return wrong.Count == 0 ? [] : [$"{wrong.Count} subscriptions are not as their newest accepted event says: {string.Join("; ", wrong.Take(MostExamples))}"];
    }
}
