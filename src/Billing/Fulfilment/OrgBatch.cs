using Billing.Checkout;
using Billing.Orgs;
using Billing.Persistence;
using Npgsql;

namespace Billing.Fulfilment;

/// <summary>
/// The orgs that many objects of Stripe's belong to, locked and loaded in one round trip however many they are. Each org has one state,
/// which all objects of its are applied to in turn. The context tracks the sessions and paid periods, which seldom change; which orgs and
/// subscriptions did is asked of the batch.
/// </summary>
internal sealed class OrgBatch
{
    private readonly Dictionary<string, Org> _orgs = [];
    private readonly Dictionary<string, string> _byCustomer = [];
    private readonly Dictionary<string, Subscription> _subscriptions = [];
    private readonly List<CheckoutSession> _sessions = [];
    private readonly List<(Org Row, Org Before)> _readOrgs = [];
    private readonly List<(Subscription Row, Subscription Before)> _readSubscriptions = [];
    private readonly Dictionary<string, Dictionary<string, string>> _soldPrices = [];
    private readonly Dictionary<string, OrgState> _states = [];

    /// <summary>Those of the events that are stored already, as of after the locks: whoever stored one of these orgs' let go of his.</summary>
    public HashSet<string> KnownEvents { get; } = [];

    /// <summary>The states that something was applied to.</summary>
    public IReadOnlyCollection<OrgState> States => _states.Values;

    /// <param name="db">Tracking nothing of these orgs.</param>
    /// <param name="begins">Whether this is to begin the transaction, on a connection that is open; otherwise it has begun.</param>
    /// <param name="subjects">What tells whose the objects are.</param>
    /// <param name="eventIds">The events that they came in.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public static async Task<OrgBatch> LockAsync(
        BillingDb db, bool begins, IReadOnlyCollection<ClaimedSubject> subjects, string[] eventIds, CancellationToken cancellationToken)
    {
        var batch = new OrgBatch();
        await batch.LoadAsync(db, begins, subjects, eventIds, cancellationToken);
        db.AttachRange(batch._sessions);
        db.AttachRange(batch._subscriptions.Values.SelectMany(subscription => subscription.PaidPeriods));
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

    /// <summary>The orgs that are not as they were read.</summary>
    public ChangedRows<Org> ChangedOrgs(BillingDb db) => Changed(EntityRows<Org>.Of(db), _readOrgs);

    /// <summary>The subscriptions that are not as they were read; without new ones.</summary>
    public ChangedRows<Subscription> ChangedSubscriptions(BillingDb db) => Changed(EntityRows<Subscription>.Of(db), _readSubscriptions);

    private static ChangedRows<T> Changed<T>(EntityRows<T> rows, List<(T Row, T Before)> read) where T : class
    {
        var changed = read.Select(both => (both.Row, Columns: rows.Changes(both.Row, both.Before))).Where(row => row.Columns != 0).ToList();
        return new ChangedRows<T>([.. changed.Select(row => row.Row)], changed.Aggregate(0UL, (all, row) => all | row.Columns));
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

    /// <summary>
    /// One round trip. Each statement has a snapshot of its own (read committed): those after the first see what the last holders of the locks
    /// wrote. The first one leaves the ids of the locked orgs to the others in a setting of the transaction.
    /// </summary>
    private async Task LoadAsync(
        BillingDb db, bool begins, IReadOnlyCollection<ClaimedSubject> subjects, string[] eventIds, CancellationToken cancellationToken)
    {
        var subscriptionIds = Distinct(subjects.Select(subject => subject.Object.SubscriptionId));
        var sessionIds = Distinct(subjects.Select(subject => subject.Object.SessionId));
        var customerIds = Distinct(subjects.Select(subject => subject.Object.CustomerId));
        var claimedOrgs = Distinct(subjects.Select(subject => subject.Claims?.OrgId));
        Guid[] intentIds = [.. subjects.Select(subject => subject.Claims?.IntentId).OfType<Guid>().Distinct()];
        var (orgs, subscriptions, periods, sessions) =
            (EntityRows<Org>.Of(db), EntityRows<Subscription>.Of(db), EntityRows<PaidPeriod>.Of(db), EntityRows<CheckoutSession>.Of(db));
        const string locked = "ANY (nullif(current_setting('billing.locked_orgs', true), '')::text[])";
        const string live = $"org_id = {locked} AND (id = ANY ($1) OR status IS NULL OR status NOT IN ('canceled', 'incomplete_expired'))";
        await using var batch = db.NewBatch();
        if (begins)
        {
            batch.BatchCommands.Add(BatchCommands.New("BEGIN ISOLATION LEVEL READ COMMITTED"));
        }
        batch.BatchCommands.Add(BatchCommands.OnlyLookUps());
        batch.BatchCommands.Add(BatchCommands.New(
            $"""
            WITH locked AS MATERIALIZED (
                SELECT {orgs.Columns} FROM orgs WHERE id IN (
                    SELECT org_id FROM subscriptions WHERE id = ANY ($1)
                    UNION SELECT org_id FROM checkout_sessions WHERE session_id = ANY ($2)
                    UNION SELECT id FROM orgs WHERE stripe_customer_id = ANY ($3)
                    UNION SELECT unnest($4::text[]))
                ORDER BY id FOR UPDATE)
            SELECT {orgs.Columns}, (SELECT set_config('billing.locked_orgs', array_agg(id)::text, true) FROM locked) FROM locked
            """, subscriptionIds, sessionIds, customerIds, claimedOrgs));
        batch.BatchCommands.Add(BatchCommands.New("SELECT id FROM stripe_events WHERE id = ANY ($1)", [eventIds]));
        // Locked as well: workers claim these rows, and change when they are to be read, without the org's lock.
        batch.BatchCommands.Add(BatchCommands.New($"SELECT {subscriptions.Columns} FROM subscriptions WHERE {live} ORDER BY id FOR UPDATE", [subscriptionIds]));
        batch.BatchCommands.Add(BatchCommands.New(
            $"SELECT {periods.Columns} FROM paid_periods WHERE subscription_id IN (SELECT id FROM subscriptions WHERE {live})", [subscriptionIds]));
        batch.BatchCommands.Add(BatchCommands.New(Catalog.SoldPrices.Of(locked)));
        if (sessionIds.Length + intentIds.Length > 0)
        {
            batch.BatchCommands.Add(BatchCommands.New(
                $"SELECT {sessions.Columns} FROM checkout_sessions WHERE org_id = {locked} AND (session_id = ANY ($1) OR (session_id IS NULL AND id = ANY ($2)))",
                sessionIds, intentIds));
        }
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await EachAsync(_ => { });
        await EachAsync(row => AddOrg(orgs, orgs.Read(row)));
        await EachAsync(row => KnownEvents.Add(row.GetString(0)));
        await EachAsync(row => AddSubscription(subscriptions, subscriptions.Read(row)));
        await EachAsync(row => AddPeriod(periods.Read(row)));
        await EachAsync(row => AddPrice(row.GetString(0), row.GetString(1), row.GetString(2)));
        await EachAsync(row => _sessions.Add(sessions.Read(row)));

        async Task EachAsync(Action<NpgsqlDataReader> take)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                take(reader);
            }
            await reader.NextResultAsync(cancellationToken);
        }
    }

    private void AddOrg(EntityRows<Org> rows, Org org)
    {
        _orgs[org.Id] = org;
        _readOrgs.Add((org, rows.Copy(org)));
        if (org.StripeCustomerId is { } customer)
        {
            _byCustomer[customer] = org.Id;
        }
    }

    private void AddSubscription(EntityRows<Subscription> rows, Subscription subscription)
    {
        _subscriptions[subscription.Id] = subscription;
        _readSubscriptions.Add((subscription, rows.Copy(subscription)));
    }

    private void AddPeriod(PaidPeriod period)
    {
        if (_subscriptions.TryGetValue(period.SubscriptionId, out var subscription))
        {
            subscription.PaidPeriods.Add(period);
        }
    }

    private void AddPrice(string orgId, string priceId, string plan)
    {
        if (!_soldPrices.TryGetValue(orgId, out var prices))
        {
            _soldPrices[orgId] = prices = [];
        }
        prices.TryAdd(priceId, plan);
    }

    private static string[] Distinct(IEnumerable<string?> names) => [.. names.OfType<string>().Distinct()];
}

/// <param name="Object">What tells whose an event's object is.</param>
/// <param name="Claims">What its metadata says was sold, if our signature is on it.</param>
internal sealed record ClaimedSubject(StripeSubject Object, SessionClaims? Claims);
