using System.Text.Json.Nodes;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.ReReads;

/// <summary>
/// An upgrade that was paid for is credited though the subscription ended before anything told its plan: only a read finds that (DESIGN
/// rule 6). Each was a defect once.
/// </summary>
public sealed class EndedUpgradeTests(BillingFixture fixture)
{
    [Fact]
    public async Task Upgrade_WhoseSubscriptionEndsBeforeItIsRead_IsCredited()
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        var (paid, ended) = await UpgradeAndEndAsync(world);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Stripe.Intercept = async call =>
        {
            if (!ReadingWorld.IsRead(call) || ReadingWorld.ReadId(call) == world.SubscriptionId)
            {
                return false;
            }
            asked.TrySetResult();
            await answer.Task;
            return await world.AnswerAsync(call);
        };
        await AddDueAsync(world); // and as long as it is being read, no other of the org's is
        var host = await world.StartHostAsync();
        await asked.Task;

        await world.World.Events.DeliverAsync(paid, host);
        await world.World.Events.DeliverAsync(ended, host);
        answer.SetResult();

        await CreditedAsync(world);
    }

    [Fact]
    public async Task Upgrade_ToldWhileTheEndedSubscriptionIsBeingRead_IsCredited()
    {
        await using var world = await ReadingWorld.StartAsync(fixture);
        var (paid, ended) = await UpgradeAndEndAsync(world);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Stripe.Intercept = async call =>
        {
            if (ReadingWorld.IsRead(call))
            {
                asked.TrySetResult();
                await answer.Task;
            }
            return false;
        };
        var host = await world.StartHostAsync();
        await world.MarkAsync(host);
        await asked.Task;
        await world.World.Events.DeliverAsync(ended, host);

        await using var db = world.World.OpenDb();
        await using (var holder = await db.Database.BeginTransactionAsync())
        {
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM orgs WHERE id = {world.Org.Id} FOR UPDATE");
            var delivery = world.World.Events.DeliverAsync(paid, host);
            await WaitingAsync(world, 1);
            answer.SetResult();
            await WaitingAsync(world, 2); // the read's, that knows nothing of the payment yet
            await holder.CommitAsync();
            await delivery;
        }

        await CreditedAsync(world);
    }

    private static async Task AddDueAsync(ReadingWorld world)
    {
        await using var db = world.World.OpenDb();
        db.Subscriptions.Add(new Persistence.Subscription
        {
            Id = "sub_other",
            OrgId = world.Org.Id,
            ReReadRequests = 1,
            ReReadDueAt = DateTimeOffset.UnixEpoch,
        });
        await db.SaveChangesAsync();
    }

    /// <summary>From pro to team, paid for, and the end a day later.</summary>
    private static async Task<(JsonNode Paid, JsonNode Ended)> UpgradeAndEndAsync(ReadingWorld world)
    {
        var events = world.World.Events;
        var team = (await events.GetAsync("/v1/prices?lookup_keys[]=team_monthly"))["data"]![0]!["id"]!.ToString();
        await world.World.PostToStripeAsync("/v1/subscriptions/" + world.SubscriptionId, new()
        {
            ["items[0][id]"] = world.Subscription["items"]!["data"]![0]!["id"]!.ToString(),
            ["items[0][price]"] = team,
            ["proration_behavior"] = "always_invoice",
        });
        await world.World.Sandbox.AdvanceAsync(TimeSpan.FromDays(1), CancellationToken.None);
        await new Stripe.SubscriptionService(world.World.Stripe).CancelAsync(world.SubscriptionId);
        var all = await events.OfCustomerAsync(world.Subscription["customer"]!.ToString());
        return (
            all.Single(e => e["type"]!.ToString() == "invoice.paid" && e["data"]!["object"]!["billing_reason"]!.ToString() == "subscription_update"),
            all.Single(e => e["type"]!.ToString() == "customer.subscription.deleted"));
    }

    private static Task<int> WaitingAsync(ReadingWorld world, int sessions) => Eventually.Async(
        async () =>
        {
            await using var db = world.World.OpenDb();
            return await db.Database.SqlQuery<int>(
                $"""
                SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                """).SingleAsync();
        },
        waiting => waiting == sessions, $"{sessions} wait for the org");

    private static Task<int> CreditedAsync(ReadingWorld world) => Eventually.Async(
        async () =>
        {
            await using var db = world.World.OpenDb();
            return await db.CreditGrants.Where(grant => grant.OrgId == world.Org.Id).SumAsync(grant => (int)grant.Amount);
        },
        granted => granted == 2000, "the difference is granted");
}
