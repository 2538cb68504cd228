using Billing.Fulfilment;
using Billing.Persistence;

namespace Billing.Webhooks.Handlers;

/// <summary><c>customer.subscription.*</c>: the object is a snapshot of the subscription at <c>created</c>, in whatever order it arrives.</summary>
internal static class SubscriptionEvents
{
    public static EventDecision Changed(OrgState state, Stripe.Event e, Snapshots snapshots)
    {
        var snapshot = (Stripe.Subscription)e.Data.Object!;
        var row = state.FindOrAdd(snapshot.Id, out _);
        DateTimeOffset at = e.Created;
        if (SubscriptionStatus.IsFinal(row.Status))
        {
            return EventDecision.Older("the subscription has ended for good");
        }
        if (SubscriptionStatus.IsFinal(snapshot.Status))
        {
            return End(row, snapshot, at);
        }
        if (at < row.StateAt)
        {
            return EventDecision.Older("a newer snapshot was applied");
        }
        if (WhyReRead(row, e) is { } reason)
        {
            row.RequestReRead();
            return EventDecision.ReRead(reason);
        }
        snapshots.Copy(state, snapshot, row, at);
        row.StateAt = at;
        return EventDecision.Applied;
    }

    /// <summary>
    /// Nothing comes after the end, so it needs no order and no shape beyond these two fields. A read that is due stays so: it may be what finds
    /// the plan of a price that was paid for.
    /// </summary>
    private static EventDecision End(Subscription row, Stripe.Subscription snapshot, DateTimeOffset at)
    {
        row.Status = snapshot.Status;
        row.EndedAt = snapshot.EndedAt ?? at;
        row.CreatedAt ??= snapshot.Created;
        row.TrialEnd ??= snapshot.TrialEnd; // an org has one trial, whatever became of it
        row.StateAt = at;
        return EventDecision.Applied;
    }

    private static string? WhyReRead(Subscription row, Stripe.Event e)
    {
        DateTimeOffset at = e.Created;
        return (row.StateAt, row.ReadAt) switch
        {
            (null, null) => "the subscription was not known",
            var (applied, _) when applied == at => "another snapshot of the same second was applied",
            var (_, read) when read >= at => "the subscription was read in that second or later",
            _ when !ApiTrain.IsOurs(e.ApiVersion) => $"the event has API version {e.ApiVersion}",
            _ => null,
        };
    }
}
