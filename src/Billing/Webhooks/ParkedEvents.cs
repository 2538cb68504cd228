using System.Text;
using Billing.Background;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Reversals;
using Microsoft.EntityFrameworkCore;

namespace Billing.Webhooks;

/// <summary>Tries parked events again, each in its own transaction and ever more rarely, until one attempt succeeds (DESIGN rule 1).</summary>
internal sealed partial class ParkedEvents(
    IDbContextFactory<BillingDb> databases, EventApplication application, SubscriptionReader subscriptions, PaymentReader payments,
    ILogger<ParkedEvents> log) : PollingWorker(TimeSpan.FromSeconds(5), log)
{
    /// <summary>The attempt after which a person is called, 5 to 7 hours after the first; then it is tried every six hours.</summary>
    private const int AlarmAfter = 12;

    /// <summary>10 s, doubled with each attempt, at most 6 h, plus or minus a quarter.</summary>
    public static TimeSpan Backoff(int attempts) =>
        Math.Min(10 * Math.Pow(2, Math.Min(attempts, 20) - 1), 6 * 3600) * (0.75 + Random.Shared.NextDouble() / 2) * TimeSpan.FromSeconds(1);

    /// <summary>What an operator sees of the failure; the whole of it is in the log.</summary>
    public static string Describe(Exception failure)
    {
        var cause = failure is EventFailureException { InnerException: { } inner } ? inner : failure;
        var text = $"{cause.GetType().Name}: {cause.GetBaseException().Message}";
        // The message may quote the payload: without NUL and unpaired surrogates, which PostgreSQL refuses.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, 500)])).Replace('\0', ' ');
    }

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        StripeEvent? claimed = null;
        try
        {
            var applied = await databases.TransactAsync(async db =>
            {
                // The row lock is the claim; it ends with the transaction, and no Stripe call happens in between. The index finds what is due
                // by the statement's time, which stands still; by clock_timestamp() it would be walked to its end.
                claimed = await db.StripeEvents.FromSql(
                    $"""
                    SELECT * FROM stripe_events WHERE outcome = 'parked' AND retry_at <= statement_timestamp()
                    ORDER BY retry_at LIMIT 1 FOR UPDATE SKIP LOCKED
                    """).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
                return claimed is null ? null : await application.ApplyStoredAsync(db, claimed, cancellationToken);
            }, cancellationToken);
            if (applied is not null)
            {
                LogApplied(claimed!.Id, claimed.Type, claimed.Outcome, applied.Standing(claimed) ?? "");
                subscriptions.Wake();
                payments.Wake();
            }
            return applied is not null;
        }
        catch (Exception failure) when (claimed is not null && !cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(failure))
        {
            LogFailure(claimed, claimed.Attempts + 1, failure);
            await PutOffAsync(claimed, failure, cancellationToken);
            return true;
        }
    }

    private async Task PutOffAsync(StripeEvent claimed, Exception failure, CancellationToken cancellationToken)
    {
        var attempts = claimed.Attempts + 1;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE stripe_events SET attempts = {attempts}, detail = {Describe(failure)}, retry_at = clock_timestamp() + {Backoff(attempts)}
            WHERE id = {claimed.Id} AND outcome = 'parked'
            """, cancellationToken);
    }

    private void LogFailure(StripeEvent claimed, int attempts, Exception failure)
    {
        if (attempts == AlarmAfter)
        {
            LogAlarm(claimed.Id, claimed.Type, attempts, failure);
        }
        else
        {
            LogStillFailing(claimed.Id, claimed.Type, attempts, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Parked event {StripeEventId} {EventType} is applied now: {Outcome}{Standing}")]
    private partial void LogApplied(string stripeEventId, string eventType, EventOutcome outcome, string standing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Parked event {StripeEventId} {EventType} failed again, attempt {Attempts}")]
    private partial void LogStillFailing(string stripeEventId, string eventType, int attempts, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Parked event {StripeEventId} {EventType} failed {Attempts} times and needs somebody to look at it: it is tried every six hours")]
    private partial void LogAlarm(string stripeEventId, string eventType, int attempts, Exception exception);
}
