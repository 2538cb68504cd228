using System.Diagnostics;
using System.Text.Json.Nodes;
using Billing.Ledger;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;
using StripeSandbox.Faults;

namespace Billing.Tests;

/// <summary>While Stripe cannot be read events are taken in as ever; what they want to be read is read once it can be.</summary>
public sealed class StripeDownTests(BillingFixture fixture)
{
    private const int Orgs = 3;

    [Theory]
    [InlineData(CallFaultKind.Error)]
    [InlineData(CallFaultKind.Timeout)]
    [InlineData(CallFaultKind.RateLimit)]
    public async Task Stripe_DownForReads_DelaysNoEvent_AndEverythingIsAppliedOnceItIsBack(CallFaultKind kind)
    {
        await using var world = await fixture.StartWorldAsync(deliver: false, new Dictionary<string, string?> { ["Stripe:Timeout"] = "00:00:01" });
        var orgs = await Task.WhenAll(Enumerable.Range(0, Orgs).Select(_ => TestOrg.CreateAsync(world)));
        var events = (await Task.WhenAll(orgs.Select(org => BuyAsync(world, org)))).SelectMany(all => all).ToList();
        var faults = new[] { "GET /v1/subscriptions/{id}", "GET /v1/payment_intents/{id}" }.Select(operation =>
            world.Sandbox.Faults.Add(new CallFault(kind) { Operation = operation, Wait = TimeSpan.FromSeconds(5) })).ToList();
        await using var db = world.OpenDb();

        var started = Stopwatch.GetTimestamp();
        foreach (var e in events)
        {
            Assert.Equal(200, (await world.Events.DeliverAsync(e)).Status);
        }
        // Each that waited for an answer of Stripe's, or for its retries, would take a second or more.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, events.Count / 2.0);
        Assert.Equal(events.Count, await db.StripeEvents.CountAsync());
        // Together: after the first 429 the host leaves Stripe alone for a while, whatever it was about to read.
        await Eventually.Async(() => Task.FromResult(faults.Sum(fault => fault.Struck)), struck => struck > 1, "Stripe was asked in vain");
        Assert.Equal((Orgs, Orgs), await MarkedAsync(db));

        faults.ForEach(fault => world.Sandbox.Faults.Remove(fault.Id));
        await Eventually.Async(() => DueNowAsync(db), marked => marked == (0, 0), "everything is read");

        foreach (var e in events)
        {
            Assert.Equal(200, (await world.Events.DeliverAsync(e)).Status);
        }
        foreach (var org in orgs)
        {
            Assert.Equal("pro", (await org.StatusAsync())["plan"]);
            Assert.Equal("1300", (await org.CreditsAsync())["balance"]); // 1000 of the plan, 500 bought, 200 of those taken back
            Assert.Equal("", (await world.Service<LedgerProbe>().CheckAsync(org.Id, CancellationToken.None))!.Wrong);
        }
        Assert.Equal(Orgs, await db.Reversals.CountAsync());
    }

    /// <summary>A plan, and credits of which two fifths are refunded.</summary>
    /// <returns>What Stripe has to tell about it.</returns>
    private static async Task<List<JsonNode>> BuyAsync(BillingWorld world, TestOrg org)
    {
        var session = await world.Events.GetAsync("/v1/checkout/sessions/" + await org.BuyCreditsAsync());
        var refund = await world.PostToStripeAsync("/v1/refunds", new() { ["payment_intent"] = session["payment_intent"]!.ToString(), ["amount"] = "360" });
        return [.. await org.BuyUndeliveredAsync(), EventsByHand.Event("refund.created", refund, world.Sandbox.Clock.GetUtcNow())];
    }

    private static async Task<(int Subscriptions, int Payments)> MarkedAsync(BillingDb db) =>
        (await db.Subscriptions.CountAsync(s => s.ReReadDueAt != null), await db.Payments.CountAsync(p => p.ReReadDueAt != null));

    /// <summary>As time would make them; what is claimed is left to who reads it.</summary>
    private static async Task<(int Subscriptions, int Payments)> DueNowAsync(BillingDb db)
    {
        foreach (var table in new[] { "subscriptions", "payments" })
        {
            var sql = $"UPDATE {table} SET re_read_due_at = clock_timestamp() WHERE re_read_due_at > clock_timestamp() AND re_read_claimed_until IS NULL";
            await db.Database.ExecuteSqlRawAsync(sql);
        }
        return await MarkedAsync(db);
    }
}
