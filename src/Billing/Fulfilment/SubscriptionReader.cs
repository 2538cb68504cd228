using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Fulfilment;

/// <summary>
/// Reads marked subscriptions again from Stripe and applies what it finds, one read for however many marks (DESIGN rule 3). Hosts share
/// the work by claiming rows; a claim of a host that died runs out.
/// </summary>
internal sealed partial class SubscriptionReader(
    IDbContextFactory<BillingDb> databases, Stripe.IStripeClient stripe, Snapshots snapshots, Standing standing, TimeProvider time,
    ILogger<SubscriptionReader> log) : PollingWorker(TimeSpan.FromSeconds(1), log)
{
    private const int BatchSize = 8;

    private static readonly TimeSpan ClaimDuration = TimeSpan.FromMinutes(2);

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var due = await ClaimAsync(cancellationToken);
        await Task.WhenAll(due.Select(claim => ReadAsync(claim, cancellationToken)));
        return due.Count == BatchSize;
    }

    private async Task<List<Claim>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<Claim>(
            $"""
            UPDATE subscriptions SET re_read_claimed_until = clock_timestamp() + {ClaimDuration}
            WHERE id IN (
                SELECT id FROM subscriptions
                WHERE re_read_due_at <= clock_timestamp()
                  AND (re_read_claimed_until IS NULL OR re_read_claimed_until < clock_timestamp())
                ORDER BY re_read_due_at LIMIT {BatchSize} FOR UPDATE SKIP LOCKED)
            RETURNING id AS "Id", org_id AS "OrgId", re_read_requests AS "Requests"
            """).ToListAsync(cancellationToken);
    }

    private async Task ReadAsync(Claim claim, CancellationToken cancellationToken)
    {
        try
        {
            var sent = TimeProvider.System.GetTimestamp();
            var service = new Stripe.SubscriptionService(stripe);
            var found = await service.GetAsync(claim.Id, cancellationToken: cancellationToken);
            var date = found.StripeResponse?.Date ?? time.GetUtcNow();
            var read = StripeRead.Of(found, date, TimeProvider.System.GetElapsedTime(sent), claim.Requests);
            await ApplyAsync(claim, read, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(failure))
        {
            LogReadFailed(claim.Id, claim.OrgId, failure);
            await PutOffAsync(claim, cancellationToken);
        }
    }

    private Task<ReadOutcome> ApplyAsync(Claim claim, StripeRead read, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            var org = (await db.LockOrgAsync(claim.OrgId, cancellationToken))!;
            var rows = await db.Subscriptions.Where(s => s.OrgId == claim.OrgId).ToListAsync(cancellationToken);
            var outcome = read.ApplyTo(rows.Single(s => s.Id == claim.Id), snapshots);
            if (outcome == ReadOutcome.TooEarly)
            {
                await db.Database.ExecuteSqlAsync(
                    $"UPDATE subscriptions SET re_read_due_at = clock_timestamp() + interval '1 second' WHERE id = {claim.Id}", cancellationToken);
            }
            standing.Refresh(new OrgState(org, rows, session: null));
            LogRead(claim.Id, claim.OrgId, read.Found.Status, outcome, read.Found.StripeResponse?.RequestId);
            return outcome;
        }, cancellationToken);

    private async Task PutOffAsync(Claim claim, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE subscriptions SET re_read_claimed_until = NULL, re_read_attempts = re_read_attempts + 1,
                re_read_due_at = clock_timestamp() + least(interval '10 minutes', interval '1 second' * power(2, least(re_read_attempts, 10)))
                    * (0.75 + random() / 2)
            WHERE id = {claim.Id}
            """, cancellationToken);
    }

    private sealed record Claim(string Id, string OrgId, long Requests);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Subscription {SubscriptionId} of org {OrgId} read from Stripe: {SubscriptionStatus}, {ReadOutcome}, request {StripeRequestId}")]
    private partial void LogRead(string subscriptionId, string orgId, string subscriptionStatus, ReadOutcome readOutcome, string? stripeRequestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscription {SubscriptionId} of org {OrgId} could not be read from Stripe; put off")]
    private partial void LogReadFailed(string subscriptionId, string orgId, Exception exception);
}
