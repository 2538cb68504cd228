using Billing.Persistence;

namespace Billing.Reconciliation;

/// <summary>All events that Stripe lists, delivered or not.</summary>
internal sealed class MissingEvents(EventComparison comparison) : IComparison
{
    public string Phase => "events";

    public Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken) =>
        comparison.CompareAsync(run, cursor, deliverySuccess: null, cancellationToken);
}
