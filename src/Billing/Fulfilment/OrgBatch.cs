using Billing.Checkout;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Billing.Fulfilment;

/// <summary>
/// The orgs that many objects of Stripe's belong to, locked and loaded in two round trips however many they are. Each org has one state,
/// which all objects of its are applied to in turn. What it loads is tracked by the context.
/// </summary>
internal sealed class OrgBatch
{
    private readonly Dictionary<string, Org> _orgs = [];
    private readonly Dictionary<string, string> _byCustomer = [];
    private readonly Dictionary<string, Subscription> _subscriptions = [];
    private readonly List<CheckoutSession> _sessions = [];
    private readonly Dictionary<string, Dictionary<string, string>> _soldPrices = [];
    private readonly Dictionary<string, OrgState> _states = [];

    /// <summary>Those of the events that are stored already, as of after the locks: whoever stored one of these orgs' let go of his.</summary>
    public HashSet<string> KnownEvents { get; } = [];

    /// <summary>The states that something was applied to.</summary>
    public IReadOnlyCollection<OrgState> States => _states.Values;

    /// <param name="db">With a transaction, and tracking nothing of these orgs.</param>
    /// <param name="subjects">What tells whose the objects are.</param>
    /// <param name="eventIds">The events that they came in.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public static async Task<OrgBatch> LockAsync(
        BillingDb db, IReadOnlyCollection<ClaimedSubject> subjects, string[] eventIds, CancellationToken cancellationToken)
    {
        var batch = new OrgBatch();
        var subscriptionIds = Distinct(subjects.Select(subject => subject.Object.SubscriptionId));
        var sessionIds = Distinct(subjects.Select(subject => subject.Object.SessionId));
        await batch.LockOrgsAsync(db, subjects, subscriptionIds, sessionIds, cancellationToken);
        await batch.LoadAsync(
            db, subscriptionIds, sessionIds, [.. subjects.Select(s => s.Claims?.IntentId).OfType<Guid>().Distinct()], eventIds, cancellationToken);
        db.AttachRange(batch._orgs.Values);
        db.AttachRange(batch._sessions);
        db.AttachRange(batch._subscriptions.Values);
        return batch;
    }

    /// <summary>
    /// The state of the org that the object belongs to, about this object; null if it is not ours: neither its subscription, session or
    /// customer is in our tables nor does its metadata verify (DESIGN rule 5).
    /// </summary>
    public OrgState? Find(ClaimedSubject subject)
    {
        var (content, claims) = (subject.Object, subject.Claims);
        if (OrgIdOf(subject) is not { } orgId)
        {
            return null;
        }
        if (!_states.TryGetValue(orgId, out var state))
        {
            var subscriptions = _subscriptions.Values.Where(subscription => subscription.OrgId == orgId).ToList();
            var sold = _soldPrices.GetValueOrDefault(orgId);
            _states[orgId] = state = new OrgState(_orgs[orgId], subscriptions, session: null, claims: null, sold ?? Catalog.SoldPrices.None);
        }
        // By the intent's id too: a crash may have kept us from learning the session's.
        state.TurnTo(content.SessionId is null ? null : _sessions.Find(session => session.OrgId == orgId
            && (session.SessionId == content.SessionId || (session.SessionId is null && session.Id == claims?.IntentId))), claims);
        return state;
    }

    /// <summary>Makes orgs that only our signature vouches for, as after a restore of the database; then the batch is to be loaded again.</summary>
    /// <returns>Whether there were such.</returns>
    public async Task<bool> EnsureOrgsAsync(BillingDb db, IEnumerable<ClaimedSubject> subjects, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var missing = subjects.Where(subject => OrgIdOf(subject) is null).Select(subject => subject.Claims?.OrgId).OfType<string>()
            .Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var orgId in missing)
        {
            await db.EnsureOrgAsync(orgId, customerId: null, now, cancellationToken);
        }
        return missing.Count > 0;
    }

    /// <summary>By what is nearest: its subscription, its session, its customer, our signature. Null: of no org that there is.</summary>
    private string? OrgIdOf(ClaimedSubject subject)
    {
        var (content, claims) = (subject.Object, subject.Claims);
        return content.SubscriptionId is { } subscription && _subscriptions.TryGetValue(subscription, out var row) ? row.OrgId
            : content.SessionId is { } id && _sessions.Find(session => session.SessionId == id) is { } known ? known.OrgId
            : content.CustomerId is { } customer && _byCustomer.TryGetValue(customer, out var buyer) ? buyer
            : claims is not null && _orgs.ContainsKey(claims.OrgId) ? claims.OrgId
            : null;
    }

    private async Task LockOrgsAsync(
        BillingDb db, IReadOnlyCollection<ClaimedSubject> subjects, string[] subscriptionIds, string[] sessionIds, CancellationToken cancellationToken)
    {
        var rows = EntityRows<Org>.Of(db);
        await using var batch = New(db);
        batch.BatchCommands.Add(BatchCommands.New(
            $"""
            SELECT {rows.Columns} FROM orgs WHERE id IN (
                SELECT org_id FROM subscriptions WHERE id = ANY ($1)
                UNION SELECT org_id FROM checkout_sessions WHERE session_id = ANY ($2)
                UNION SELECT id FROM orgs WHERE stripe_customer_id = ANY ($3)
                UNION SELECT unnest($4::text[]))
            ORDER BY id FOR UPDATE
            """,
            subscriptionIds, sessionIds, Distinct(subjects.Select(subject => subject.Object.CustomerId)), Distinct(subjects.Select(subject => subject.Claims?.OrgId))));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var org = rows.Read(reader);
            _orgs[org.Id] = org;
            if (org.StripeCustomerId is { } customer)
            {
                _byCustomer[customer] = org.Id;
            }
        }
    }

    private async Task LoadAsync(
        BillingDb db, string[] subscriptionIds, string[] sessionIds, Guid[] intentIds, string[] eventIds, CancellationToken cancellationToken)
    {
        string[] orgIds = [.. _orgs.Keys];
        var (subscriptions, periods, sessions) = (EntityRows<Subscription>.Of(db), EntityRows<PaidPeriod>.Of(db), EntityRows<CheckoutSession>.Of(db));
        const string live = "org_id = ANY ($1) AND (id = ANY ($2) OR status IS NULL OR status NOT IN ('canceled', 'incomplete_expired'))";
        await using var batch = New(db);
        batch.BatchCommands.Add(BatchCommands.New("SELECT id FROM stripe_events WHERE id = ANY ($1)", [eventIds]));
        // Locked as well: all columns are written back, and workers claim these rows without the org's lock.
        batch.BatchCommands.Add(BatchCommands.New($"SELECT {subscriptions.Columns} FROM subscriptions WHERE {live} ORDER BY id FOR UPDATE", orgIds, subscriptionIds));
        batch.BatchCommands.Add(BatchCommands.New(
            $"SELECT {periods.Columns} FROM paid_periods WHERE subscription_id IN (SELECT id FROM subscriptions WHERE {live})", orgIds, subscriptionIds));
        batch.BatchCommands.Add(BatchCommands.New(Catalog.SoldPrices.Sql, [orgIds]));
        batch.BatchCommands.Add(BatchCommands.New(
            $"SELECT {sessions.Columns} FROM checkout_sessions WHERE org_id = ANY ($1) AND (session_id = ANY ($2) OR (session_id IS NULL AND id = ANY ($3)))",
            orgIds, sessionIds, intentIds));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await EachAsync(row => KnownEvents.Add(row.GetString(0)));
        await EachAsync(row => subscriptions.Read(row) is var read && _subscriptions.TryAdd(read.Id, read));
        await EachAsync(row => AddPeriod(periods.Read(row)));
        await EachAsync(row => AddPrice(row.GetString(0), row.GetString(1), row.GetString(2)));
        await EachAsync(row => { _sessions.Add(sessions.Read(row)); return true; });

        async Task EachAsync(Func<NpgsqlDataReader, bool> take)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                take(reader);
            }
            await reader.NextResultAsync(cancellationToken);
        }
    }

    private bool AddPeriod(PaidPeriod period)
    {
        if (_subscriptions.TryGetValue(period.SubscriptionId, out var subscription))
        {
            subscription.PaidPeriods.Add(period);
        }
        return true;
    }

    private bool AddPrice(string orgId, string priceId, string plan)
    {
        if (!_soldPrices.TryGetValue(orgId, out var prices))
        {
            _soldPrices[orgId] = prices = [];
        }
        return prices.TryAdd(priceId, plan);
    }

    private static NpgsqlBatch New(BillingDb db)
    {
        var transaction = (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        return new NpgsqlBatch(transaction.Connection, transaction);
    }

    private static string[] Distinct(IEnumerable<string?> names) => [.. names.OfType<string>().Distinct()];
}

/// <param name="Object">What tells whose an event's object is.</param>
/// <param name="Claims">What its metadata says was sold, if our signature is on it.</param>
internal sealed record ClaimedSubject(StripeSubject Object, SessionClaims? Claims);
