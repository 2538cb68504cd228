using Billing.Background;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Webhooks;

/// <summary>Measures once a minute what waits in the inbox, if anybody wants to know. The index of parked events is all that it reads.</summary>
internal sealed class InboxWatch(IDbContextFactory<BillingDb> databases, TimeProvider time, ILogger<InboxWatch> log)
    : PollingWorker(TimeSpan.FromMinutes(1), log)
{
    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        if (EventMetrics.WantsInbox)
        {
            EventMetrics.Record(await LookAsync(cancellationToken));
        }
        return false;
    }

    public async Task<InboxState> LookAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var parked = db.StripeEvents.Where(e => e.Outcome == EventOutcome.Parked);
        var found = await parked.GroupBy(_ => 1)
            .Select(all => new { Count = all.LongCount(), Oldest = all.Min(e => e.ReceivedAt) })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? new InboxState(0, TimeSpan.Zero) : new InboxState(found.Count, time.GetUtcNow() - found.Oldest);
    }
}

/// <param name="Parked">Events that could not be applied yet.</param>
/// <param name="OldestParked">How long ago the oldest of them was received.</param>
internal sealed record InboxState(long Parked, TimeSpan OldestParked);
