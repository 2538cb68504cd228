using System.Globalization;
using System.Text.Json.Nodes;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Crash;

/// <summary>A subscribed org, the events that go on coming about it, and what it must have once a given set of them is taken in.</summary>
internal sealed class CrashOrg
{
    private const int TopUps = 2000;

    private readonly string _id;
    private readonly JsonNode _subscription;
    private readonly JsonNode _invoice;
    private readonly JsonNode _topUp;
    private readonly DateTimeOffset _start;
    private readonly DateTimeOffset _periodEnd;
    private readonly Guid[] _intents = [.. Enumerable.Range(0, TopUps).Select(_ => Guid.NewGuid())];
    private int _made;

    private CrashOrg(string id, JsonNode subscription, JsonNode invoice, JsonNode topUp, DateTimeOffset start)
    {
        (_id, _subscription, _invoice, _topUp, _start) = (id, subscription, invoice, topUp, start);
        _periodEnd = DateTimeOffset.FromUnixTimeSeconds(Item["current_period_end"]!.GetValue<long>());
    }

    private JsonNode Item => _subscription["items"]!["data"]![0]!;

    public static async Task<CrashOrg> CreateAsync(BillingWorld world)
    {
        var org = await TestOrg.CreateAsync(world);
        var subscription = await org.SubscribeByHandAsync();
        await org.BuyCreditsAsync();
        var events = await world.Events.OfCustomerAsync(subscription["customer"]!.ToString());
        var made = new CrashOrg(
            org.Id, subscription, Object(events, "invoice.paid"), Object(events, "checkout.session.completed"), world.Sandbox.Clock.GetUtcNow().AddSeconds(10));
        await made.OfferTopUpsAsync(world);
        return made;
    }

    /// <summary>The next event, with a <c>created</c> of its own.</summary>
    public CrashEvent Next(Random random)
    {
        var number = Interlocked.Increment(ref _made);
        return random.Next(20) switch
        {
            0 => Make(CrashEventKind.InvoicePaid, "invoice.paid", _invoice, number, invoice => invoice["id"] = InvoiceId(number)),
            < 6 when number < TopUps => Make(CrashEventKind.TopUp, "checkout.session.completed", _topUp, number, session =>
            {
                session["id"] = SessionId(_intents[number]);
                session["payment_intent"] = "pi_" + _intents[number].ToString("N");
            }),
            _ => Make(CrashEventKind.Subscription, "customer.subscription.updated", _subscription, number, subscription =>
                subscription["items"]!["data"]![0]!["current_period_end"] = _periodEnd.AddSeconds(number).ToUnixTimeSeconds()),
        };
    }

    /// <summary>Each event in effect exactly once, and none but these.</summary>
    /// <param name="db">The database.</param>
    /// <param name="stored">The org's events that are stored.</param>
    public async Task AssertHasExactlyAsync(BillingDb db, IReadOnlyCollection<CrashEvent> stored)
    {
        var row = await db.Subscriptions.AsNoTracking().Include(s => s.PaidPeriods).SingleAsync(s => s.OrgId == _id);
        if (Numbers(CrashEventKind.Subscription).OrderDescending().FirstOrDefault() is > 0 and var newest)
        {
            Assert.Equal((_start.AddSeconds(newest).ToUnixTimeSeconds(), _periodEnd.AddSeconds(newest)), (row.StateAt!.Value.ToUnixTimeSeconds(), row.CurrentPeriodEnd));
        }
        var invoices = Numbers(CrashEventKind.InvoicePaid).Select(InvoiceId).Append(_invoice["id"]!.ToString());
        Assert.Equal(invoices.Order(), row.PaidPeriods.Select(period => period.InvoiceId).Order());

        var topUps = Numbers(CrashEventKind.TopUp).Select(number => CompleteSession.SourceKey(_intents[number])).ToList();
        var granted = await db.CreditGrants.AsNoTracking().Where(grant => grant.OrgId == _id).ToListAsync();
        Assert.Equal(topUps.Order(), granted.Where(grant => grant.Source == CreditSource.TopUp).Select(grant => grant.SourceKey).Order());
        Assert.Equal(1000 + 500 * topUps.Count, (await db.Orgs.AsNoTracking().SingleAsync(org => org.Id == _id)).Balance);

        IEnumerable<int> Numbers(CrashEventKind kind) => stored.Where(e => e.OrgId == _id && e.Kind == kind).Select(e => e.Number);
    }

    private CrashEvent Make(CrashEventKind kind, string type, JsonNode content, int number, Action<JsonNode> change)
    {
        var e = EventsByHand.Event(type, content, _start.AddSeconds(number));
        change(e["data"]!["object"]!);
        return new CrashEvent(e["id"]!.ToString(), _id, kind, number, e.ToJsonString());
    }

    /// <summary>Copies of the session that the org bought, none of which is known to be paid.</summary>
    private async Task OfferTopUpsAsync(BillingWorld world)
    {
        await using var db = world.OpenDb();
        var (session, ids) = (_topUp["id"]!.ToString(), _intents.Select(SessionId).ToArray());
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO checkout_sessions (id, org_id, kind, credits, amount, currency, success_url, cancel_url, parameters, attempt, state,
                payment_status, session_id, expires_at, created_at)
            SELECT copy.id, org_id, kind, credits, amount, currency, success_url, cancel_url, parameters, attempt, 'complete',
                'unpaid', copy.session, expires_at, created_at
            FROM checkout_sessions, unnest({_intents}, {ids}) copy (id, session) WHERE session_id = {session}
            """);
    }

    private static JsonNode Object(List<JsonNode> events, string type) => events.Last(e => e["type"]!.ToString() == type)["data"]!["object"]!;

    private static string SessionId(Guid intent) => "cs_test_" + intent.ToString("N");

    private string InvoiceId(int number) => string.Create(CultureInfo.InvariantCulture, $"in_{_id}_{number}");
}

internal enum CrashEventKind
{
    Subscription,
    TopUp,
    InvoicePaid,
}

/// <param name="Number">Of the event among those of its org, in the order of <c>created</c>.</param>
internal sealed record CrashEvent(string Id, string OrgId, CrashEventKind Kind, int Number, string Body);
