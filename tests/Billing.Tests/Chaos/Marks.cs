using Billing.Fulfilment;
using Billing.Reversals;
using Billing.Tests.World;
using Billing.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Chaos;

/// <summary>Everything that is to be read or tried again.</summary>
internal static class Marks
{
    /// <summary>Brings the workers to do it all now instead of in seconds, moving the clock on so that reads are newer than events.</summary>
    public static async Task SettleAsync(BillingWorld world)
    {
        await world.Sandbox.SettleAsync();
        await Eventually.Async(async () =>
        {
            await world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(2));
            await using var db = world.OpenDb();
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE subscriptions SET re_read_due_at = clock_timestamp() WHERE re_read_due_at > clock_timestamp();
                UPDATE payments SET re_read_due_at = clock_timestamp() WHERE re_read_due_at > clock_timestamp();
                UPDATE stripe_events SET retry_at = clock_timestamp() WHERE outcome = 'parked' AND retry_at > clock_timestamp()
                """);
            world.Service<SubscriptionReader>().Wake();
            world.Service<PaymentReader>().Wake();
            world.Service<ParkedEvents>().Wake();
            return await db.Subscriptions.CountAsync(row => row.ReReadDueAt != null) + await db.Payments.CountAsync(row => row.ReReadDueAt != null)
                + await db.StripeEvents.CountAsync(row => row.Outcome == Persistence.EventOutcome.Parked);
        }, left => left == 0, "nothing is to be read or tried again");
    }
}
