using Billing.Api;
using Billing.Background;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Fulfilment;

/// <summary>
/// Reads marked subscriptions again from Stripe and applies what it finds, one read for however many marks (DESIGN rule 3). Hosts share
/// the work by claiming rows; a claim of a host that died runs out.
/// </summary>
internal sealed partial class SubscriptionReader(
    IDbContextFactory<BillingDb> databases, Stripe.IStripeClient stripe, Snapshots snapshots, Settlement settlement, TimeProvider time,
    ILogger<SubscriptionReader> log) : PollingWorker(TimeSpan.FromSeconds(1), log)
{
    private const int BatchSize = 8;

    private static readonly TimeSpan ClaimDuration = TimeSpan.FromMinutes(2);

    /// <summary>For the call to Stripe with all its retries; well within the claim.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMinutes(1);

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var due = await ClaimAsync(cancellationToken);
        await Task.WhenAll(due.Select(claim => ReadAsync(claim, cancellationToken)));
        return due.Count == BatchSize;
    }

    private async Task<List<ReadClaim>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<ReadClaim>(
            $"""
            UPDATE subscriptions SET re_read_claimed_until = clock_timestamp() + {ClaimDuration}
            WHERE id IN (
                SELECT id FROM subscriptions
                WHERE re_read_due_at <= clock_timestamp()
                  AND (re_read_claimed_until IS NULL OR re_read_claimed_until < clock_timestamp())
                ORDER BY re_read_due_at LIMIT {BatchSize} FOR UPDATE SKIP LOCKED)
            RETURNING id AS "Id", org_id AS "OrgId", re_read_requests AS "Requests", re_read_claimed_until AS "Until"
            """).ToListAsync(cancellationToken);
    }

    private async Task ReadAsync(ReadClaim claim, CancellationToken cancellationToken)
    {
        try
        {
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bounded.CancelAfter(ReadTimeout);
            var sent = TimeProvider.System.GetTimestamp();
            // With its invoice, in case the news that it was paid got lost.
            var options = new Stripe.SubscriptionGetOptions { Expand = ["latest_invoice"] };
            var found = await new Stripe.SubscriptionService(stripe).GetAsync(claim.Id, options, cancellationToken: bounded.Token);
            var date = found.StripeResponse?.Date ?? time.GetUtcNow();
            var read = StripeRead.Of(found, date, TimeProvider.System.GetElapsedTime(sent), claim);
            var (outcome, standing) = await ApplyAsync(read, claim, cancellationToken);
            LogRead(claim.Id, claim.OrgId, found.Status, outcome, standing ?? "", found.StripeResponse?.RequestId);
        }
        catch (Exception failure) when (!DatabaseErrors.IsUnavailable(failure))
        {
            // Given back even when the host stops, so that another one need not wait for the claim to run out.
            await PutOffAsync(claim, CancellationToken.None);
            if (!cancellationToken.IsCancellationRequested)
            {
                LogFailure(claim, failure);
            }
        }
    }

    private Task<(ReadOutcome, string?)> ApplyAsync(StripeRead read, ReadClaim claim, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            var state = await OrgStates.LockAsync(db, claim.OrgId, claim.Id, cancellationToken);
            var outcome = read.ApplyTo(state, snapshots);
            if (outcome == ReadOutcome.TooEarly)
            {
                await db.Database.ExecuteSqlAsync(
                    $"UPDATE subscriptions SET re_read_due_at = clock_timestamp() + interval '1 second' WHERE id = {claim.Id}",
                    cancellationToken);
            }
            return (outcome, (await settlement.SettleAsync(db, state, cancellationToken)).Standing);
        }, cancellationToken);

    private async Task PutOffAsync(ReadClaim claim, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE subscriptions SET re_read_claimed_until = NULL, re_read_attempts = re_read_attempts + 1,
                re_read_due_at = clock_timestamp() + least(interval '10 minutes', interval '1 second' * power(2, least(re_read_attempts, 10)))
                    * (0.75 + random() / 2)
            WHERE id = {claim.Id} AND re_read_claimed_until = {claim.Until}
            """, cancellationToken);
    }

    private void LogFailure(ReadClaim claim, Exception failure)
    {
        if (failure is Stripe.StripeException gone && StripeErrors.IsMissing(gone))
        {
            LogMissing(claim.Id, claim.OrgId);
        }
        else
        {
            LogReadFailed(claim.Id, claim.OrgId, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Subscription {SubscriptionId} of org {OrgId} read from Stripe: {SubscriptionStatus}, {ReadOutcome}{Standing}, request {StripeRequestId}")]
    private partial void LogRead(
        string subscriptionId, string orgId, string subscriptionStatus, ReadOutcome readOutcome, string standing, string? stripeRequestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscription {SubscriptionId} of org {OrgId} could not be read from Stripe; put off")]
    private partial void LogReadFailed(string subscriptionId, string orgId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Stripe does not know subscription {SubscriptionId} of org {OrgId}: is Stripe:ApiKey of the account that sent its event? It is kept as it is")]
    private partial void LogMissing(string subscriptionId, string orgId);
}
