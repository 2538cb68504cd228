using Billing.Persistence;
using Billing.Reconciliation;
using Microsoft.EntityFrameworkCore;
using StripeEvents = Stripe.EventService;

namespace Billing.Tests.World;

/// <summary>A world whose webhooks all get lost, and the reconciler of its host; for the tests of one class.</summary>
public sealed class DriftingWorld(BillingFixture fixture) : IAsyncLifetime
{
    public BillingWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await fixture.StartWorldAsync(deliver: false);

    public ValueTask DisposeAsync() => World.DisposeAsync();

    internal static ReconciliationPlan Plan(bool repair, TestOrg? org = null) =>
        new("test", org?.Id, repair, TimeSpan.FromDays(30), TimeSpan.Zero, BuildsOnEarlier: false);

    /// <summary>A whole run, of one org or of all.</summary>
    internal Task<List<Drift>> ReconcileAsync(bool repair = false, TestOrg? org = null) => ReconcileAsync(World, repair, org);

    internal static async Task<List<Drift>> ReconcileAsync(BillingWorld world, bool repair, TestOrg? org = null)
    {
        var run = await world.Service<ReconciliationRuns>().TakeAsync(Plan(repair, org), TimeSpan.Zero, CancellationToken.None);
        Assert.NotNull(run);
        var found = new List<Drift>();
        while (!run.IsDone)
        {
            found.AddRange((await world.Service<Reconciler>().StepAsync(run, CancellationToken.None))!);
        }
        Assert.Equal((found.Count, found.Count(drift => drift.IsRepaired)), ((int)run.Found, (int)run.Repaired));
        return found;
    }

    /// <summary>What only the events would have told cannot be told by them any more, as after thirty days.</summary>
    public async Task OutliveEventsAsync()
    {
        await using var db = World.OpenDb();
        await foreach (var e in new StripeEvents(World.Stripe).ListAutoPagingAsync(new Stripe.EventListOptions { Limit = 100 }))
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO stripe_events (id, type, created_at, received_at, payload, outcome, attempts)
                VALUES ({e.Id}, {e.Type}, now(), now(), ''::bytea, 'ignored', 0) ON CONFLICT DO NOTHING
                """);
        }
    }

    /// <summary>Everything that is kept about orgs and events, as one text.</summary>
    public async Task<string> ContentAsync()
    {
        await using var db = World.OpenDb();
        var all = new List<string>();
        foreach (var table in new[]
        {
            "orgs", "subscriptions", "paid_periods", "checkout_sessions", "credit_grants", "credit_entries", "credit_movements", "payments", "reversals",
            "stripe_events", "audit",
        })
        {
            var rows = $"SELECT '{table} ' || t::text AS \"Value\" FROM {table} t ORDER BY 1";
            all.AddRange(await db.Database.SqlQueryRaw<string>(rows).ToListAsync());
        }
        return string.Join('\n', all);
    }

    internal async Task<List<AuditEntry>> AuditAsync(TestOrg org)
    {
        await using var db = World.OpenDb();
        return await db.Audit.Where(entry => entry.OrgId == org.Id).OrderBy(entry => entry.CreatedAt).ToListAsync();
    }

    internal async Task<Subscription> SubscriptionAsync(TestOrg org)
    {
        await using var db = World.OpenDb();
        return await db.Subscriptions.AsNoTracking().Include(s => s.PaidPeriods).SingleAsync(s => s.OrgId == org.Id);
    }

    /// <summary>Sells the org's customer a plan at Stripe, past us and whatever it has.</summary>
    /// <returns>The subscription's id.</returns>
    internal async Task<string> SellByHandAsync(TestOrg org, string lookupKey = "team_monthly")
    {
        var price = (await World.Events.GetAsync("/v1/prices?lookup_keys[]=" + lookupKey))["data"]![0]!["id"]!.ToString();
        var sessions = new Stripe.Checkout.SessionService(World.Stripe);
        var made = await sessions.CreateAsync(new Stripe.Checkout.SessionCreateOptions
        {
            Mode = "subscription",
            Customer = await CustomerAsync(org),
            SuccessUrl = BillingWorld.AppOrigin,
            LineItems = [new() { Quantity = 1, Price = price }],
        });
        Assert.NotNull(await org.PayAsync(made.Url!));
        return (await sessions.GetAsync(made.Id)).SubscriptionId!;
    }

    internal async Task<string> CustomerAsync(TestOrg org)
    {
        await using var db = World.OpenDb();
        return (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
    }

    /// <summary>The payment intent of a top-up.</summary>
    internal async Task<string> PaymentAsync(string session) =>
        (await new Stripe.Checkout.SessionService(World.Stripe).GetAsync(session)).PaymentIntentId!;

    /// <param name="payment">The payment intent.</param>
    /// <param name="amount">Null: all that is left of it.</param>
    /// <returns>The refund's id.</returns>
    internal async Task<string> RefundAsync(string payment, long? amount = null) =>
        (await new Stripe.RefundService(World.Stripe).CreateAsync(amount is null
            ? new() { PaymentIntent = payment }
            : new() { PaymentIntent = payment, Amount = amount })).Id;

    internal async Task<int> ExecuteAsync(FormattableString sql)
    {
        await using var db = World.OpenDb();
        return await db.Database.ExecuteSqlAsync(sql);
    }
}
