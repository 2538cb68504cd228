using System.Text;
using Billing.Api;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Reversals;
using Billing.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>The inbox as an operator sees it, and another try for an event that led to nothing.</summary>
internal sealed partial class StoredEvents(
    IDbContextFactory<BillingDb> databases, EventApplication application, SubscriptionReader subscriptions, PaymentReader payments, OperatorAudit audit,
    ILogger<StoredEvents> log)
{
    /// <summary>Newest first.</summary>
    /// <param name="orgId">Only this org's; null: of all and none.</param>
    /// <param name="outcome">Only with this outcome; null: any.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public async Task<IReadOnlyList<EventSummary>> ListAsync(string? orgId, EventOutcome? outcome, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var events = orgId is null ? Newest(db, outcome, limit) : db.StripeEvents.Where(e => e.OrgId == orgId && (outcome == null || e.Outcome == outcome));
        return await events.AsNoTracking().OrderByDescending(e => e.ReceivedAt).ThenBy(e => e.Id).Take(limit)
            .Select(e => new EventSummary(e.Id, e.Type, e.OrgId, e.Outcome, e.Detail, e.Attempts, e.CreatedAt, e.ReceivedAt, e.RetryAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>With its body, which may hold personal data.</summary>
    public async Task<Result<EventResponse>> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.StripeEvents.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellationToken) is { } row
            ? new EventResponse(EventSummary.Of(row), row.Payload.Length == 0 ? null : Encoding.UTF8.GetString(row.Payload))
            : NoSuchEvent();
    }

    /// <summary>Applies a parked or ignored event now, as when it came. Whatever it does it does once, however often it is repeated.</summary>
    /// <returns>
    /// 404 without such an event; 409 <c>took_effect</c> for one that did something, <c>body_pruned</c> for one whose body is gone,
    /// <c>still_failing</c> if it cannot be applied yet: it stays as it was.
    /// </returns>
    public async Task<Result<EventSummary>> ReplayAsync(string id, Operator by, CancellationToken cancellationToken)
    {
        try
        {
            var replayed = await databases.TransactAsync(db => ReplayAsync(db, id, by, cancellationToken), cancellationToken);
            subscriptions.Wake();
            payments.Wake();
            return replayed;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(failure))
        {
            LogStillFailing(id, failure);
            return ApiError.Conflict("still_failing", $"It cannot be applied yet: {ParkedEvents.Describe(failure)}");
        }
    }

    private async Task<Result<EventSummary>> ReplayAsync(BillingDb db, string id, Operator by, CancellationToken cancellationToken)
    {
        var row = await db.StripeEvents.FromSql($"SELECT * FROM stripe_events WHERE id = {id} FOR UPDATE").AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return NoSuchEvent();
        }
        if (row.Outcome is not (EventOutcome.Parked or EventOutcome.Ignored))
        {
            return ApiError.Conflict("took_effect", "This event did its work. To read the org again from Stripe, synchronize it.");
        }
        if (row.Payload.Length == 0)
        {
            return ApiError.Conflict("body_pruned", "Its body is older than Billing:Retention:Payloads and gone. Reconcile the org instead.");
        }
        var before = new Decision(row.Outcome, row.Detail, row.OrgId);
        await application.ApplyStoredAsync(db, row, cancellationToken);
        audit.Add(db, by, "replay_event", row.Id, row.OrgId, before, new Decision(row.Outcome, row.Detail, row.OrgId));
        return EventSummary.Of(row);
    }

    /// <summary>By the indexes of parked events and of pruning, spelt as they are: an inbox of any length is not read whole.</summary>
    private static IQueryable<StripeEvent> Newest(BillingDb db, EventOutcome? outcome, int limit)
    {
        var word = outcome is { } wanted ? EnumWords<EventOutcome>.Of(wanted) : null;
        return db.StripeEvents.FromSql(
            $"""
            SELECT * FROM (
                (SELECT * FROM stripe_events WHERE outcome = 'parked' AND coalesce({word}, 'parked') = 'parked' ORDER BY received_at DESC LIMIT {limit})
                UNION ALL
                (SELECT * FROM stripe_events
                WHERE least(octet_length(payload), 1) = 1 AND outcome <> 'parked' AND outcome = coalesce({word}, outcome)
                ORDER BY received_at DESC LIMIT {limit})
                UNION ALL
                (SELECT * FROM stripe_events
                WHERE least(octet_length(payload), 1) = 0 AND outcome <> 'parked' AND outcome = coalesce({word}, outcome)
                ORDER BY received_at DESC LIMIT {limit})) newest
            """);
    }

    private static ApiError NoSuchEvent() => ApiError.NotFound("There is no such event in the inbox.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {StripeEventId} was replayed by an operator and cannot be applied yet")]
    private partial void LogStillFailing(string stripeEventId, Exception exception);

    private sealed record Decision(EventOutcome Outcome, string? Detail, string? OrgId);
}
