using Billing.Background;
using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Reads a subscription afresh and applies it as the re-read after an event does, under the same lock and rules (DESIGN rule 3).</summary>
internal sealed partial class SubscriptionRepair(
    SubscriptionReads reads, OrgStates orgs, Snapshots snapshots, Settlement settlement, AuditTrail audit, IDbContextFactory<BillingDb> databases,
    ILogger<SubscriptionRepair> log)
{
    /// <summary>A read in the second of an event cannot be told from it; a second later it can.</summary>
    private const int Tries = 4;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1.1);

    /// <summary>Null if we have now what Stripe shows; else why not.</summary>
    /// <param name="run">Who repairs.</param>
    /// <param name="found">All of one subscription.</param>
    /// <param name="cancellationToken">Of the run.</param>
    public async Task<string?> RepairAsync(ReconciliationRun run, List<Drift> found, CancellationToken cancellationToken)
    {
        var drift = found[0] with { Detail = string.Join("; ", found.Select(one => one.Detail)) };
        try
        {
            for (var tries = 1; ; tries++)
            {
                if (await reads.FindAsync(drift.ObjectId, cancellationToken) is not { } read)
                {
                    return "Stripe does not show it any more";
                }
                var outcome = await databases.TransactAsync(db => ApplyAsync(db, run, drift, read, tries == Tries, cancellationToken), cancellationToken);
                if (outcome != ReadOutcome.TooEarly || tries == Tries)
                {
                    return Why(outcome);
                }
                await Task.Delay(Second, cancellationToken);
            }
        }
        catch (Exception bad) when (!cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(bad) && !StripeOutage.Is(bad))
        {
            LogFailed(drift.ObjectId, drift.OrgId, bad);
            return $"applying it failed ({bad.GetType().Name}, see the log)";
        }
    }

    private static string? Why(ReadOutcome? outcome) => outcome switch
    {
        ReadOutcome.Applied => null,
        ReadOutcome.TooEarly => "events of it are coming in; it is to be read again",
        ReadOutcome.Ended => "it has ended for good here, and nothing revives it",
        _ => "it is of no org of ours any more",
    };

    private async Task<ReadOutcome?> ApplyAsync(
        BillingDb db, ReconciliationRun run, Drift drift, StripeRead read, bool isLast, CancellationToken cancellationToken)
    {
        var found = read.Found;
        var subject = new StripeSubject(found.Id, null, found.CustomerId, found.Metadata);
        if (await orgs.FindAsync(db, subject, cancellationToken) is not { } state)
        {
            return null;
        }
        var before = Look(state, found.Id);
        var outcome = read.ApplyTo(state, snapshots);
        if (outcome == ReadOutcome.TooEarly)
        {
            if (isLast)
            {
                state.Find(found.Id)!.RequestReRead();
            }
            return outcome;
        }
        await settlement.SettleAsync(db, state, cancellationToken);
        // Somebody else may have applied it meanwhile: then this is no repair.
        if (outcome == ReadOutcome.Applied && Look(state, found.Id) is var after && after != before)
        {
            audit.Add(db, run, "apply_subscription", drift with { OrgId = state.Org.Id }, before, after);
        }
        return outcome;
    }

    private static SubscriptionLook? Look(OrgState state, string id) => state.Find(id) is { } row
        ? new(row.Status, row.Plan, row.PriceId, row.Interval, row.CurrentPeriodStart, row.CurrentPeriodEnd, row.CancelAtPeriodEnd, row.CancelAt,
            row.TrialEnd, row.PaidThrough, row.PaidPeriods.Count, state.Org.Plan, state.Org.Balance)
        : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "Subscription {SubscriptionId} of org {OrgId} cannot be repaired")]
    private partial void LogFailed(string subscriptionId, string? orgId, Exception exception);
}

/// <summary>What the audit keeps of a subscription, and of what its org has by it.</summary>
internal sealed record SubscriptionLook(
    string? Status, string? Plan, string? PriceId, BillingInterval? Interval, DateTimeOffset? PeriodStart, DateTimeOffset? PeriodEnd,
    bool CancelAtPeriodEnd, DateTimeOffset? CancelAt, DateTimeOffset? TrialEnd, DateTimeOffset? PaidThrough, int PaidPeriods, string OrgPlan, long OrgBalance);
