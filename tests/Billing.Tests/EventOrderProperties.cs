using Billing.Background;
using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Webhooks;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests;

/// <summary>
/// DESIGN rule 3 as a property, in memory: Stripe changes a subscription many times, several times within a second; events come in any
/// order and more than once; re-reads start and end at any moment between. When all is delivered and read, our row shows the truth.
/// </summary>
public sealed class EventOrderProperties(World.BillingFixture fixture)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Statuses = ["incomplete", "active", "trialing", "past_due", "unpaid", "paused", "canceled"];

    [Fact]
    public void Subscription_AnyInterleavingOfChangesDeliveriesAndReads_EndsAsStripeHasIt()
    {
        var step = Gen.Choose(0, 999);
        var property = Prop.ForAll(Gen.ListOf(step).Resize(120).ToArbitrary(), steps =>
        {
            var run = new Run(fixture.World.Service<Snapshots>());
            foreach (var choice in steps)
            {
                run.Step(choice);
            }
            run.Finish();
            return run.Row.Status == run.Truth
                ? true.ToProperty()
                : false.Label($"row {run.Row.Status}, Stripe {run.Truth}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(120), property);
    }

    /// <summary>A small Stripe with a clock of tenths of a second, and our row.</summary>
    private sealed class Run(Snapshots snapshots)
    {
        private readonly List<Stripe.Event> _events = [];
        private readonly HashSet<int> _undelivered = [];
        private readonly OrgState _state = new(new Org { Id = "org" }, [], session: null, claims: null, SoldPrices.None);
        private readonly List<StripeRead> _underWay = [];
        private int _tenths;
        private int _claims;

        public string Truth { get; private set; } = "incomplete";

        public Subscription Row => _state.FindOrAdd("sub_1", out _);

        private bool IsReadDue => _state.Find("sub_1")?.ReReadDueAt is not null;

        public void Step(int choice)
        {
            var detail = choice / 10;
            switch (choice % 10)
            {
                case 0 or 1:
                    _tenths += 1 + detail % 15;
                    break;
                case 2 or 3 or 4:
                    Change(Statuses[detail % (detail % 9 == 0 ? Statuses.Length : Statuses.Length - 1)]);
                    break;
                case 5 or 6 or 7 when _events.Count > 0:
                    Deliver(detail % _events.Count);
                    break;
                case 8 when IsReadDue && (Row.ReReadClaimedUntil is null || detail % 4 == 0):
                    // Now and then while another read is under way: its claim has run out.
                    _underWay.Add(Read());
                    break;
                case 9 when _underWay.Count > 0:
                    EndRead(detail % _underWay.Count);
                    break;
            }
        }

        public void Finish()
        {
            if (_events.Count == 0)
            {
                Change("active");
            }
            while (_underWay.Count > 0)
            {
                EndRead(0);
            }
            foreach (var left in _undelivered.Order().ToList())
            {
                Deliver(left);
            }
            while (IsReadDue)
            {
                _tenths += 10;
                _underWay.Add(Read());
                EndRead(0);
            }
        }

        private void Change(string status)
        {
            if (SubscriptionStatus.IsFinal(Truth))
            {
                return;
            }
            Truth = status;
            _undelivered.Add(_events.Count);
            _events.Add(Event(Truth, Second()));
        }

        private void Deliver(int index)
        {
            _undelivered.Remove(index);
            EventHandlers.Find("customer.subscription.updated")!(_state, _events[index], snapshots);
        }

        private StripeRead Read()
        {
            Row.ReReadClaimedUntil = Start.AddDays(1).AddTicks(_claims++);
            var claim = new ReadClaim(Row.Id, "org", Row.ReReadRequests, Row.ReReadClaimedUntil.Value);
            return StripeRead.Of(Snapshot(), Second(), TimeSpan.FromMilliseconds(300), claim);
        }

        private void EndRead(int index)
        {
            _underWay[index].ApplyTo(_state, snapshots);
            _underWay.RemoveAt(index);
        }

        private DateTimeOffset Second() => Start.AddSeconds(_tenths / 10);

        private Stripe.Subscription Snapshot() => (Stripe.Subscription)Event(Truth, Second()).Data.Object!;

        private static Stripe.Event Event(string status, DateTimeOffset at) => Stripe.EventUtility.ParseEvent(
            $$"""
            {
              "id": "evt_{{Guid.NewGuid():N}}", "object": "event", "type": "customer.subscription.updated", "livemode": false,
              "api_version": "{{Stripe.StripeConfiguration.ApiVersion}}", "created": {{at.ToUnixTimeSeconds()}},
              "data": { "object": {
                "id": "sub_1", "object": "subscription", "status": "{{status}}", "customer": "cus_1", "created": 1767225600,
                "items": { "object": "list", "data": [ {
                  "id": "si_1", "object": "subscription_item", "current_period_start": 1767225600, "current_period_end": 1769904000,
                  "price": { "id": "price_1", "object": "price", "lookup_key": "pro_monthly", "recurring": { "interval": "month", "interval_count": 1 } }
                } ] }
              } }
            }
            """);
    }
}
