using Billing.Persistence;

namespace Billing.Reconciliation;

/// <summary>
/// What Stripe knows it could not deliver, received before everything else: after an outage that is what is missing, and the listing of all
/// events may take many pages to come to it. That one stays the judge, as a delivery that was answered may be lost all the same; and a run
/// that only reports needs no more than it.
/// </summary>
internal sealed class UndeliveredEvents(EventComparison comparison) : IComparison
{
    public string Phase => "undelivered_events";

    public Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken) =>
        run.Repair ? comparison.CompareAsync(run, cursor, deliverySuccess: false, cancellationToken) : Task.FromResult(ComparedPage.Empty);
}
