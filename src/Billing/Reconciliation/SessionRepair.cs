using Billing.Checkout;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Books what a paid session bought, as activating it does, but however late (DESIGN rule 5).</summary>
internal sealed partial class SessionRepair(
    [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, SessionSigner signer, OrgStates orgs, Snapshots snapshots, Settlement settlement, AuditTrail audit,
    IDbContextFactory<BillingDb> databases, TimeProvider time, ILogger<SessionRepair> log)
{
    public async Task<Drift> RepairAsync(ReconciliationRun run, Drift drift, CancellationToken cancellationToken)
    {
        try
        {
            if (await FoundSession.ReadAsync(stripe, drift.ObjectId, time, cancellationToken) is not { } found)
            {
                return drift.Left("Stripe does not show it any more");
            }
            var why = await databases.TransactAsync(db => ApplyAsync(db, run, drift, found, cancellationToken), cancellationToken);
            return why is null ? drift.Repaired() : drift.Left(why);
        }
        catch (Exception bad) when (!cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(bad) && !StripeOutage.Is(bad))
        {
            LogFailed(drift.ObjectId, drift.OrgId, bad);
            return drift.Left($"applying it failed ({bad.GetType().Name}, see the log)");
        }
    }

    private async Task<string?> ApplyAsync(
        BillingDb db, ReconciliationRun run, Drift drift, FoundSession found, CancellationToken cancellationToken)
    {
        var session = found.Session;
        if (await orgs.FindAsync(db, StripeSubject.Of(session), cancellationToken) is not { } state)
        {
            return "it is of no org of ours any more";
        }
        if (signer.Verify(session.Metadata) is { } claims && await FoundSession.IsCopyAsync(db, state, claims, cancellationToken))
        {
            return "another session than its intent's carries its metadata";
        }
        var before = Look(state, session);
        if (found.ApplyTo(state, snapshots, log) == SessionOutcome.AmountMismatch)
        {
            await settlement.SettleAsync(db, state, cancellationToken);
            return CompleteSession.Mismatch(session);
        }
        var settled = await settlement.SettleAsync(db, state, cancellationToken);
        // Webhook or activation may have been faster: then this is no repair.
        if (settled.TopUpsGranted > 0 || Look(state, session) with { OrgBalance = before.OrgBalance } != before)
        {
            audit.Add(db, run, "book_session", drift with { OrgId = state.Org.Id }, before, Look(state, session));
        }
        return null;
    }

    private static SessionLook Look(OrgState state, Stripe.Checkout.Session session) => new(
        state.Session?.State, state.Session?.PaymentStatus, session.SubscriptionId is { } id ? state.Find(id)?.Status : null, state.Org.Plan,
        state.Org.Balance);

    [LoggerMessage(Level = LogLevel.Error, Message = "Session {SessionId} of org {OrgId} cannot be repaired")]
    private partial void LogFailed(string sessionId, string? orgId, Exception exception);
}

/// <summary>What the audit keeps of a session, and of what its org has by it.</summary>
internal sealed record SessionLook(CheckoutState? State, string? PaymentStatus, string? Subscription, string OrgPlan, long OrgBalance);
