using System.Text;
using Billing.Reconciliation;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Reconciliation;

/// <summary>A repair brings an org to what it would have had, once, and leaves word of it.</summary>
public sealed class RepairTests(DriftingWorld drifting) : IClassFixture<DriftingWorld>
{
    private readonly BillingWorld _world = drifting.World;

    [Fact]
    public async Task Org_WhoseEventsAllGotLost_GetsWhatAnUndisturbedOneHas_AndARepetitionChangesNothing()
    {
        var (undisturbed, lost) = (await TestOrg.CreateAsync(_world), await TestOrg.CreateAsync(_world));
        foreach (var org in new[] { undisturbed, lost })
        {
            await org.BuyAsync();
            await drifting.RefundAsync(await drifting.PaymentAsync(await org.BuyCreditsAsync()), 300);
        }
        foreach (var e in await _world.Events.OfCustomerAsync(await drifting.CustomerAsync(undisturbed)))
        {
            await _world.Events.DeliverAsync(e);
        }
        var expected = await SettledAsync(undisturbed, "1334");

        var found = await drifting.ReconcileAsync(repair: true, lost);

        Assert.All(found, drift => Assert.True(drift.IsRepaired, drift.ToString()));
        Assert.Equal(expected, await SettledAsync(lost, "1334"));
        Assert.Equal(found.Count(drift => drift.Type == DriftType.MissingEvent), (await drifting.AuditAsync(lost)).Count(entry => entry.Action == "receive_event"));
        var content = await drifting.ContentAsync();
        Assert.Empty(await drifting.ReconcileAsync(repair: true, lost));
        Assert.Equal(content, await drifting.ContentAsync());
    }

    [Fact]
    public async Task Event_MissingAndRepaired_IsKeptAsStripeListsIt_AndItsLateDeliveryChangesNothing()
    {
        var org = await TestOrg.CreateAsync(_world);
        var events = await org.BuyUndeliveredAsync();

        await drifting.ReconcileAsync(repair: true, org);
        var settled = await SettledAsync(org, "1000");

        await using var db = _world.OpenDb();
        foreach (var e in events)
        {
            var id = e["id"]!.ToString();
            var row = await db.StripeEvents.SingleAsync(row => row.Id == id);
            Assert.Equal(e.ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(row.Payload)!.ToJsonString());
            Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
        }
        Assert.Equal(settled, await SettledAsync(org, "1000"));
        var audit = await drifting.AuditAsync(org);
        Assert.All(audit, entry => Assert.Equal("test", entry.Actor));
        Assert.All(events, e => Assert.Single(audit, entry => entry.Action == "receive_event" && entry.Subject == e["id"]!.ToString()));
    }

    [Fact]
    public async Task Org_WhoseEventsAreTooOld_IsRepairedFromWhatStripeShows()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync();
        await org.BuyCreditsAsync();
        await drifting.OutliveEventsAsync();

        var found = await drifting.ReconcileAsync(repair: true, org);

        Assert.All(found, drift => Assert.True(drift.IsRepaired, drift.ToString()));
        await SettledAsync(org, "1500");
        var row = await drifting.SubscriptionAsync(org);
        Assert.Equal(row.CurrentPeriodEnd, row.PaidThrough);
        Assert.Equal(["apply_subscription", "book_session"], (await drifting.AuditAsync(org)).Select(entry => entry.Action).Distinct().Order());
        Assert.Empty(await drifting.ReconcileAsync(repair: true, org));
    }

    [Theory]
    [InlineData("UPDATE subscriptions SET status = 'unpaid', plan = 'team', price_id = 'price_other' WHERE org_id = {0}")]
    [InlineData("UPDATE subscriptions SET current_period_end = current_period_end - interval '1 month', cancel_at_period_end = true WHERE org_id = {0}")]
    [InlineData("UPDATE subscriptions SET status = NULL, plan = NULL, price_id = NULL, current_period_end = NULL WHERE org_id = {0}")]
    public async Task Subscription_UnlikeStripes_IsReadAgain_AndTheAuditSaysWhatItWas(string breakage)
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        var (expected, before) = (await SettledAsync(org, "1000"), await drifting.SubscriptionAsync(org));
        await drifting.ExecuteAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(breakage, org.Id));

        Assert.All(await drifting.ReconcileAsync(repair: true, org), drift => Assert.True(drift.IsRepaired, drift.ToString()));

        Assert.Equal(expected, await SettledAsync(org, "1000"));
        var after = await drifting.SubscriptionAsync(org);
        Assert.Equal(
            (before.Status, before.Plan, before.PriceId, before.CurrentPeriodEnd, before.PaidThrough, before.PaidPeriods.Count),
            (after.Status, after.Plan, after.PriceId, after.CurrentPeriodEnd, after.PaidThrough, after.PaidPeriods.Count));
        var entry = Assert.Single(await drifting.AuditAsync(org));
        Assert.Equal("apply_subscription", entry.Action);
        Assert.NotEqual(entry.Before, entry.After);
        Assert.Contains("\"status\":\"active\"", entry.After);
    }

    [Fact]
    public async Task Cancellation_NeverTold_FreesTheOrg()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription["id"]!.ToString());
        await drifting.OutliveEventsAsync();

        await drifting.ReconcileAsync(repair: true, org);

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
    }

    [Fact]
    public async Task Session_OfARowThatWasLost_IsBookedByItsSignature_AndACopyOfItIsNot()
    {
        var org = await TestOrg.CreateAsync(_world);
        var original = await new Stripe.Checkout.SessionService(_world.Stripe).GetAsync(await org.BuyCreditsAsync());
        await drifting.ExecuteAsync($"DELETE FROM checkout_sessions WHERE org_id = {org.Id}");
        await drifting.OutliveEventsAsync();

        Assert.True(Assert.Single(await drifting.ReconcileAsync(repair: true, org)).IsRepaired);
        var copy = await new Stripe.Checkout.SessionService(_world.Stripe).CreateAsync(new Stripe.Checkout.SessionCreateOptions
        {
            Mode = "payment",
            Customer = original.CustomerId,
            SuccessUrl = BillingWorld.AppOrigin,
            Metadata = original.Metadata,
            LineItems = [new() { Quantity = 1, PriceData = new() { Currency = "usd", UnitAmount = 900, ProductData = new() { Name = "the same" } } }],
        });
        Assert.NotNull(await org.PayAsync(copy.Url!));
        await drifting.OutliveEventsAsync();

        Assert.Empty(await drifting.ReconcileAsync(repair: true, org));
        await SettledAsync(org, "500");
    }

    [Fact]
    public async Task TopUp_PaidInAnotherAmount_IsLeftToAPerson()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyCreditsAsync();
        await drifting.ExecuteAsync($"UPDATE checkout_sessions SET amount = 901 WHERE org_id = {org.Id}");
        await drifting.OutliveEventsAsync();

        var drift = Assert.Single(await drifting.ReconcileAsync(repair: true, org));

        Assert.False(drift.IsRepaired);
        Assert.Contains("not what it was offered for", drift.Detail);
        await SettledAsync(org, "0");
    }

    [Fact]
    public async Task ForeignCustomers_AreLeftAlone()
    {
        var ofAnother = await ForeignAsync();

        var found = await drifting.ReconcileAsync(repair: true);

        Assert.DoesNotContain(found, drift => drift.Detail.Contains(ofAnother) || drift.ObjectId == ofAnother || drift.OrgId is null);
        Assert.DoesNotContain(ofAnother, await drifting.ContentAsync());
    }

    [Fact]
    public async Task Reconcilers_TwoAtOnce_AndAWebhookBeside_BookEverythingOnce()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync();
        var session = await org.BuyCreditsAsync();
        var events = await _world.Events.OfCustomerAsync(await drifting.CustomerAsync(org));

        await Task.WhenAll(
            Task.Run(() => drifting.ReconcileAsync(repair: true, org)),
            Task.Run(() => drifting.ReconcileAsync(repair: true)),
            Task.Run(() => org.ActivateAsync(session)),
            Task.Run(async () =>
            {
                foreach (var e in events)
                {
                    Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
                }
            }));

        await SettledAsync(org, "1500");
        Assert.Empty(await drifting.ReconcileAsync(org: org));
        await using var db = _world.OpenDb();
        Assert.Equal(2, await db.CreditGrants.CountAsync(grant => grant.OrgId == org.Id));
    }

    /// <summary>What the org has, once it has this many credits and no read is due: all that does not hang on its ids and times.</summary>
    private async Task<string> SettledAsync(TestOrg org, string balance)
    {
        await Eventually.Async(org.CreditsAsync, read => read["balance"] == balance, $"{org.Id} has {balance} credits");
        var (status, credits) = (await org.StatusAsync(), await org.CreditsAsync());
        await using var db = _world.OpenDb();
        var paid = await db.Subscriptions.Where(s => s.OrgId == org.Id).Select(s => new { s.Status, IsPaid = s.PaidThrough == s.CurrentPeriodEnd }).ToListAsync();
        var kinds = await db.CreditEntries.Where(e => e.OrgId == org.Id).Select(e => new { e.Kind, e.BalanceDelta }).ToListAsync();
        var text = new StringBuilder();
        text.AppendLine($"{status["plan"]} {status["status"]} {status["interval"]} {status["cancel_at_period_end"]} {status["credits"]}");
        text.AppendLine($"{credits["plan_credits"]} {credits["topup_credits"]} {credits["debt"]} {credits["held"]}");
        text.AppendLine(string.Join(' ', paid)).AppendLine(string.Join(' ', kinds.Select(entry => entry.BalanceDelta).Where(delta => delta > 0).Order()));
        return text.ToString();
    }

    /// <summary>A customer of another product on the same Stripe account, with a subscription on a price of its own.</summary>
    private async Task<string> ForeignAsync()
    {
        var customer = await new Stripe.CustomerService(_world.Stripe).CreateAsync(new Stripe.CustomerCreateOptions());
        var price = await new Stripe.PriceService(_world.Stripe).CreateAsync(new Stripe.PriceCreateOptions
        {
            Currency = "usd",
            UnitAmount = 500,
            Recurring = new() { Interval = "month" },
            ProductData = new() { Name = "a newspaper" },
        });
        var session = await new Stripe.Checkout.SessionService(_world.Stripe).CreateAsync(new Stripe.Checkout.SessionCreateOptions
        {
            Mode = "subscription",
            Customer = customer.Id,
            SuccessUrl = BillingWorld.AppOrigin,
            LineItems = [new() { Quantity = 1, Price = price.Id }],
        });
        var buyer = await TestOrg.CreateAsync(_world);
        Assert.NotNull(await buyer.PayAsync(session.Url!));
        return customer.Id;
    }
}
