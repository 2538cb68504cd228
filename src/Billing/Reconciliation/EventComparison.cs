using System.Text;
using Billing.Persistence;
using Billing.StripeCalls;
using Billing.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Reconciliation;

/// <summary>
/// Events that Stripe lists and the inbox has not: their deliveries got lost. Refunds and disputes that nothing is booked of are among
/// them. What is certainly not ours is left alone; the webhook would have stored it as ignored.
/// </summary>
internal sealed class EventComparison(
    [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, EventOwners owners, EventInbox inbox, AuditTrail audit, IOptions<StripeOptions> options,
    IDbContextFactory<BillingDb> databases, TimeProvider time)
{
    /// <summary>Compares the page after the cursor, and receives what is missing if the run is to repair.</summary>
    /// <param name="run">Whose events, and of which time.</param>
    /// <param name="cursor">Null: the first page.</param>
    /// <param name="deliverySuccess">False: only what some endpoint has not got (FACTS B.8); null: everything.</param>
    /// <param name="cancellationToken">Of the run.</param>
    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, bool? deliverySuccess, CancellationToken cancellationToken)
    {
        if (await ListAsync(run, cursor, deliverySuccess, cancellationToken) is not { } content)
        {
            return ComparedPage.Empty;
        }
        var (listed, next) = ListedEvent.ReadPage(content);
        var missing = await FindAsync(run, listed, cancellationToken);
        missing.Reverse(); // oldest first: then most can be applied from their content
        var found = run.Repair
            ? await missing.EachAsync(async (e, token) => await ReceiveAsync(run, e, token), cancellationToken)
            : [.. missing.Select(e => e.Drift)];
        return new ComparedPage(found, next);
    }

    private async Task<string?> ListAsync(ReconciliationRun run, string? cursor, bool? deliverySuccess, CancellationToken cancellationToken)
    {
        var wanted = new Stripe.EventListOptions
        {
            DeliverySuccess = deliverySuccess,
            Types = [.. EventHandlers.Types],
            Created = new Stripe.DateRangeOptions { GreaterThanOrEqual = run.EventsFrom.UtcDateTime, LessThanOrEqual = run.EventsTo.UtcDateTime },
            Limit = StripePages.Size,
            StartingAfter = cursor,
        };
        try
        {
            var page = await StripePages.ReadAsync(new Stripe.EventService(stripe).ListAsync(wanted, cancellationToken: cancellationToken));
            return page?.StripeResponse?.Content;
        }
        catch (Stripe.StripeException unreadable) when (unreadable is { HttpStatusCode: System.Net.HttpStatusCode.OK, StripeResponse.Content: { } content })
        {
            return content;
        }
    }

    private async Task<List<MissingEvent>> FindAsync(ReconciliationRun run, List<ListedEvent> listed, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = listed.Select(e => e.Envelope.Id).ToArray();
        var known = await db.StripeEvents.Where(row => ids.Contains(row.Id)).Select(row => row.Id).ToHashSetAsync(cancellationToken);
        var missing = listed.FindAll(e => !known.Contains(e.Envelope.Id) && e.Envelope.Livemode == options.Value.Livemode);
        if (missing.Count == 0)
        {
            return [];
        }
        var orgs = await owners.FindAsync(db, missing, cancellationToken);
        var payments = await PaymentsAsync(run, missing, orgs, cancellationToken);
        return [.. from e in missing
                   let org = orgs.GetValueOrDefault(e.Envelope.Id) ?? (e.Subject.Payment is { } payment && payments.Contains(payment) ? run.OrgId : null)
                   where run.OrgId is null ? org is not null || e.Subject.IsOfPaymentOnly : org == run.OrgId
                   let detail = $"{e.Envelope.Type} of {e.Envelope.CreatedAt:u} is not in the inbox"
                   select new MissingEvent(e, new Drift(DriftType.MissingEvent, org, e.Envelope.Id, detail))];
    }

    /// <summary>The payments of a run's one org, if events name some that are not known: refunds and disputes do not say whose they are.</summary>
    private async Task<HashSet<string>> PaymentsAsync(
        ReconciliationRun run, List<ListedEvent> missing, Dictionary<string, string> orgs, CancellationToken cancellationToken)
    {
        var payments = new HashSet<string>();
        if (run.OrgId is null || !missing.Exists(e => e.Subject.IsOfPaymentOnly && !orgs.ContainsKey(e.Envelope.Id)))
        {
            return payments;
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Orgs.Where(org => org.Id == run.OrgId).Select(org => org.StripeCustomerId).SingleOrDefaultAsync(cancellationToken) is not { } customer)
        {
            return payments;
        }
        var charges = new Stripe.ChargeListOptions { Customer = customer, Limit = StripePages.Size };
        await foreach (var charge in new Stripe.ChargeService(stripe).ListAutoPagingAsync(charges, cancellationToken: cancellationToken))
        {
            if (charge.PaymentIntentId is { } payment)
            {
                payments.Add(payment);
            }
        }
        return payments;
    }

    private async Task<Drift> ReceiveAsync(ReconciliationRun run, MissingEvent missing, CancellationToken cancellationToken)
    {
        var (envelope, payload) = (missing.Event.Envelope, missing.Event.Payload);
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            await audit.AddEventAsync(db, run, missing.Drift, new { envelope.Type, envelope.CreatedAt, Bytes = payload.Length }, cancellationToken);
        }
        await inbox.ReceiveAsync(ReceivedEvent.TryRead(payload, Encoding.UTF8.GetString(payload), time.GetUtcNow())
            ?? throw new InvalidOperationException($"Event {envelope.Id} could be read and cannot any more."));
        return missing.Drift.Repaired();
    }

    private sealed record MissingEvent(ListedEvent Event, Drift Drift);
}
