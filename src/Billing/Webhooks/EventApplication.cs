using Billing.Checkout;
using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Webhooks;

/// <summary>
/// Applies events to their orgs inside the caller's transaction: locks and loads the orgs of all of them together, lets the handlers decide
/// one after another, settles each org once.
/// </summary>
internal sealed partial class EventApplication(
    SessionSigner signer, OrgStates orgs, Snapshots snapshots, Settlement settlement, TimeProvider time, ILogger<EventApplication> log)
{
    /// <summary>Changes what the events change and writes each decision into its row; writing the rows and committing are the caller's.</summary>
    /// <param name="db">Tracking nothing, and not looking for changes by itself.</param>
    /// <param name="events">In any order; none twice.</param>
    /// <param name="areStored">
    /// Whether their rows exist already, locked in a transaction. Otherwise this begins one, and an event that exists is a second delivery and is left out.
    /// </param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <exception cref="EventFailureException">One of them cannot be applied.</exception>
    public async Task<AppliedEvents> ApplyAsync(
        BillingDb db, IReadOnlyCollection<ReceivedEvent> events, bool areStored, CancellationToken cancellationToken)
    {
        var subjects = events.ToDictionary(e => e, Subject);
        var batch = await LockAsync(db, subjects, areStored, cancellationToken);
        var applied = new AppliedEvents();
        foreach (var e in events.OrderBy(e => e.Row.CreatedAt).ThenBy(e => e.Row.Id, StringComparer.Ordinal))
        {
            if (areStored || !batch.KnownEvents.Contains(e.Row.Id))
            {
                var state = subjects[e] is { } subject ? batch.Find(subject) : null;
                if (state is not null)
                {
                    await orgs.RelinkAsync(db, state.Org, subjects[e]!.Object.CustomerId, cancellationToken);
                }
                Note(e, state, Decide(e, state, applied), applied);
            }
        }
        foreach (var state in batch.States)
        {
            applied.Settle(state, await settlement.SettleAsync(db, state, cancellationToken));
        }
        applied.Take(db, batch);
        return applied;
    }

    /// <summary>Applies an event of the inbox and writes what it led to, its row included; committing is the caller's.</summary>
    /// <param name="db">With a transaction that has the row locked, and tracking nothing.</param>
    /// <param name="row">With its body; gets the decision.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <exception cref="EventFailureException">It cannot be applied.</exception>
    public async Task<AppliedEvents> ApplyStoredAsync(BillingDb db, StripeEvent row, CancellationToken cancellationToken)
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var e = ReceivedEvent.Read(row);
        if (e.Failure is not null)
        {
            throw new EventFailureException(e, e.Failure);
        }
        var applied = await ApplyAsync(db, [e], areStored: true, cancellationToken);
        await EventRows.WriteAsync(db, applied, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE stripe_events SET org_id = {row.OrgId}, outcome = {EnumWords<EventOutcome>.Of(row.Outcome)}, detail = {row.Detail}, retry_at = NULL
            WHERE id = {row.Id}
            """, cancellationToken);
        return applied;
    }

    private async Task<OrgBatch> LockAsync(
        BillingDb db, Dictionary<ReceivedEvent, ClaimedSubject?> subjects, bool areStored, CancellationToken cancellationToken)
    {
        List<ClaimedSubject> known = [.. subjects.Values.OfType<ClaimedSubject>()];
        string[] ids = [.. subjects.Keys.Select(e => e.Row.Id)];
        var batch = await OrgBatch.LockAsync(db, begins: !areStored, known, ids, cancellationToken);
        if (await batch.EnsureOrgsAsync(db, known, time.GetUtcNow(), cancellationToken))
        {
            db.ChangeTracker.Clear();
            batch = await OrgBatch.LockAsync(db, begins: false, known, ids, cancellationToken);
        }
        return batch;
    }

    private EventDecision Decide(ReceivedEvent e, OrgState? state, AppliedEvents applied)
    {
        if (e.Failure is not null)
        {
            return EventDecision.Parked(ParkedEvents.Describe(e.Failure));
        }
        if (e.Content is not { } content)
        {
            return EventDecision.Ignored("not a type that is handled");
        }
        if (content.Account is not null)
        {
            return EventDecision.Ignored("an event of a connected account");
        }
        if (EventHandlers.Find(e.Row.Type) is not { } handle)
        {
            return Mark(content.Data.Object, applied);
        }
        try
        {
            return state is null ? EventDecision.Ignored("nothing of ours") : handle(state, content, snapshots);
        }
        catch (Exception failure)
        {
            throw new EventFailureException(e, failure);
        }
    }

    private void Note(ReceivedEvent e, OrgState? state, EventDecision decision, AppliedEvents applied)
    {
        var row = e.Row;
        (row.OrgId, row.Outcome, row.Detail) = (state?.Org.Id, decision.Outcome, decision.Detail);
        (row.RetryAt, row.Attempts) = (null, decision.Outcome == EventOutcome.Parked ? 1 : row.Attempts);
        applied.Add(row, decision);
        if (decision.IsAlarm)
        {
            LogAlarm(row.Id, row.Type, row.OrgId, decision.Detail);
        }
    }

    private static EventDecision Mark(Stripe.IHasObject? content, AppliedEvents applied)
    {
        var payment = content switch
        {
            Stripe.Refund refund => refund.PaymentIntentId,
            Stripe.Dispute dispute => dispute.PaymentIntentId,
            Stripe.Charge charge => charge.PaymentIntentId,
            _ => null,
        };
        if (payment is null)
        {
            return EventDecision.Ignored("it names no payment intent, so it is of nothing that we sold");
        }
        applied.Payments.Add(payment);
        return EventDecision.ReRead("money of a payment went back, or may");
    }

    private ClaimedSubject? Subject(ReceivedEvent e)
    {
        if (e is not { Failure: null, Content: { Account: null } content } || EventHandlers.IsOfPayment(e.Row.Type))
        {
            return null;
        }
        StripeSubject? subject = content.Data.Object switch
        {
            Stripe.Subscription subscription => new(subscription.Id, null, subscription.CustomerId, subscription.Metadata),
            Stripe.Invoice { Parent.SubscriptionDetails: { } details } invoice =>
                new(details.SubscriptionId, null, invoice.CustomerId, details.Metadata),
            Stripe.Invoice invoice => new(null, null, invoice.CustomerId, null),
            Stripe.Checkout.Session session => StripeSubject.Of(session),
            Stripe.Customer customer => new(null, null, customer.Id, null),
            _ => null,
        };
        return subject is null ? null : new ClaimedSubject(subject, signer.Verify(subject.Metadata));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {StripeEventId} {EventType} of org {OrgId} needs somebody to look at it: {Detail}")]
    private partial void LogAlarm(string stripeEventId, string eventType, string? orgId, string? detail);
}
