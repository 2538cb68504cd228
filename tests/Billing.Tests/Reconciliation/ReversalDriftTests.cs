using System.Text;
using System.Text.Json.Nodes;
using Billing.Reconciliation;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Reconciliation;

/// <summary>Money that went back takes its credits back also when no event can tell of it any more (DESIGN rule 7).</summary>
public sealed class ReversalDriftTests(DriftingWorld drifting) : IClassFixture<DriftingWorld>
{
    private readonly BillingWorld _world = drifting.World;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refund_WhoseEventsAreTooOld_IsFound_Booked_AndFoundNoMore(bool ofOneOrg)
    {
        var (org, payment) = await ToppedUpAsync();
        var scope = ofOneOrg ? org : null;
        var refund = await drifting.RefundAsync(payment, 300); // of 900 for 500 credits
        await drifting.OutliveEventsAsync();

        var missing = Of(org, await FindAsync(scope));
        Assert.Equal((DriftType.Reversal, refund, "500"), (missing.Type, missing.ObjectId, (await org.CreditsAsync())["balance"]));
        Assert.Contains("a refund of 300 usd succeeded, we do not have it", missing.Detail);

        Assert.True(Of(org, await drifting.ReconcileAsync(repair: true, scope)).IsRepaired);
        Assert.Equal("334", (await org.CreditsAsync())["balance"]);
        var entry = Assert.Single(await drifting.AuditAsync(org), entry => entry.Action == "apply_reversals");
        Assert.Equal((payment, "test"), (entry.Subject, entry.Actor));
        Assert.Contains("\"org_balance\":500", entry.Before);
        Assert.Contains($"{refund} 300 succeeded", entry.After);
        Assert.DoesNotContain(await drifting.ReconcileAsync(repair: true, scope), drift => drift.OrgId == org.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispute_WhoseEventsAreTooOld_IsFoundAndBooked_AndSoIsItsOutcome(bool ofOneOrg)
    {
        var (org, payment) = await ToppedUpAsync();
        var scope = ofOneOrg ? org : null;
        var dispute = (await ControlAsync("disputes", new JsonObject { ["payment_intent"] = payment }))["id"]!.ToString();
        await drifting.OutliveEventsAsync();

        Assert.Equal(dispute, Of(org, await FindAsync(scope)).ObjectId);
        Assert.True(Of(org, await drifting.ReconcileAsync(repair: true, scope)).IsRepaired);
        Assert.Equal("0", (await org.CreditsAsync())["balance"]);

        await ControlAsync($"disputes/{dispute}/win", []);
        await drifting.OutliveEventsAsync();

        Assert.Contains("we have 900 needs_response", Of(org, await FindAsync(scope)).Detail);
        Assert.True(Of(org, await drifting.ReconcileAsync(repair: true, scope)).IsRepaired);
        Assert.Equal("500", (await org.CreditsAsync())["balance"]);
        Assert.DoesNotContain(await drifting.ReconcileAsync(repair: true, scope), drift => drift.OrgId == org.Id);
    }

    [Theory]
    [InlineData("UPDATE reversals SET amount = 100 WHERE payment_id = {0}", true)]
    [InlineData("UPDATE reversals SET status = 'pending' WHERE payment_id = {0}", true)]
    [InlineData("UPDATE reversals SET status = 'failed' WHERE payment_id = {0}", false)] // what has ended does not begin again
    public async Task Reversal_UnlikeStripes_IsFoundIfARepairWouldMendIt(string breakage, bool isFound)
    {
        var (org, payment) = await ToppedUpAsync();
        await drifting.RefundAsync(payment, 300);
        await drifting.OutliveEventsAsync();
        await drifting.ReconcileAsync(repair: true, org);
        await drifting.ExecuteAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(breakage, payment));

        Assert.Equal(isFound ? 1 : 0, (await FindAsync(org)).Count);
        await drifting.ReconcileAsync(repair: true, org);
        Assert.Empty(await drifting.ReconcileAsync(org: org));
        Assert.Equal("334", (await org.CreditsAsync())["balance"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invoice_RefundedInFull_LosesItsCredits_ThoughNobodyKnewItsPayment(bool ofOneOrg)
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        var scope = ofOneOrg ? org : null;
        await drifting.RefundAsync(await InvoicePaymentAsync(org));
        await drifting.OutliveEventsAsync();

        Assert.Equal(DriftType.Reversal, Of(org, await FindAsync(scope)).Type);
        Assert.True(Of(org, await drifting.ReconcileAsync(repair: true, scope)).IsRepaired);

        Assert.Equal("0", (await org.CreditsAsync())["balance"]);
        Assert.DoesNotContain(await drifting.ReconcileAsync(repair: true, scope), drift => drift.OrgId == org.Id);
    }

    [Fact]
    public async Task Refund_OfAPaymentThatIsNotOurs_IsNeitherReportedNorTouched_EvenIfOurCustomerMadeIt()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        var refunds = new List<string>();
        foreach (var customer in new[] { null, await drifting.CustomerAsync(org) })
        {
            var sessions = new Stripe.Checkout.SessionService(_world.Stripe);
            var foreign = await sessions.CreateAsync(new Stripe.Checkout.SessionCreateOptions
            {
                Mode = "payment",
                Customer = customer,
                SuccessUrl = BillingWorld.AppOrigin,
                LineItems = [new() { Quantity = 1, PriceData = new() { Currency = "usd", UnitAmount = 100, ProductData = new() { Name = "a shop's" } } }],
            });
            Assert.NotNull(await org.PayAsync(foreign.Url!));
            refunds.Add(await drifting.RefundAsync(await drifting.PaymentAsync(foreign.Id)));
        }
        await drifting.OutliveEventsAsync();

        Assert.Empty(await drifting.ReconcileAsync(repair: true, org));
        Assert.DoesNotContain(await drifting.ReconcileAsync(repair: true), drift => refunds.Contains(drift.ObjectId));
        await using var db = _world.OpenDb();
        Assert.Equal(0, await db.Reversals.CountAsync(row => refunds.Contains(row.Id)));
    }

    [Fact]
    public void Reversals_WithoutAPaymentIntent_AreOfNothingThatWeSell()
    {
        Assert.Null(ListedReversal.Of(new Stripe.Refund { Id = "re_1", ChargeId = "ch_1" }));
        Assert.Null(ListedReversal.Of(new Stripe.Dispute { Id = "du_1", ChargeId = "ch_1" }));
    }

    [Fact]
    public async Task Payment_ThatAWorkerReads_IsWaitedFor()
    {
        var (org, payment) = await ToppedUpAsync();
        await drifting.RefundAsync(payment, 300);
        await drifting.OutliveEventsAsync();
        await drifting.ExecuteAsync(
            $"""
            INSERT INTO payments (id, paid, refunded, disputed, re_read_requests, re_read_attempts, re_read_claimed_until)
            VALUES ({payment}, 0, 0, 0, 1, 0, clock_timestamp() + interval '2 seconds')
            """);

        Assert.True(Of(org, await drifting.ReconcileAsync(repair: true, org)).IsRepaired);

        Assert.Equal("334", (await org.CreditsAsync())["balance"]);
    }

    [Fact]
    public async Task Run_WithPatience_LeavesOutARefundThatWasJustMade()
    {
        var (org, payment) = await ToppedUpAsync();
        await drifting.RefundAsync(payment, 300);
        await drifting.OutliveEventsAsync();
        var plan = DriftingWorld.Plan(repair: false, org) with { Patience = TimeSpan.FromMinutes(10) };
        var run = (await _world.Service<ReconciliationRuns>().TakeAsync(plan, TimeSpan.Zero, CancellationToken.None))!;
        while (!run.IsDone)
        {
            Assert.Empty((await _world.Service<Reconciler>().StepAsync(run, CancellationToken.None))!);
        }
        Assert.NotEmpty(await FindAsync(org));
    }

    private async Task<(TestOrg Org, string Payment)> ToppedUpAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        var session = await org.BuyCreditsAsync();
        await org.ActivateAsync(session);
        return (org, await drifting.PaymentAsync(session));
    }

    private async Task<string> InvoicePaymentAsync(TestOrg org)
    {
        var invoice = (await _world.Events.GetAsync("/v1/invoices?customer=" + await drifting.CustomerAsync(org)))["data"]![0]!["id"];
        return (await _world.Events.GetAsync("/v1/invoice_payments?invoice=" + invoice))["data"]![0]!["payment"]!["payment_intent"]!.ToString();
    }

    /// <summary>The one drift of the org, beside those of the orgs of other tests.</summary>
    private static Drift Of(TestOrg org, List<Drift> found) => Assert.Single(found, drift => drift.OrgId == org.Id);

    /// <summary>A dry run, which changes nothing.</summary>
    private async Task<List<Drift>> FindAsync(TestOrg? org)
    {
        var before = await drifting.ContentAsync();
        var found = await drifting.ReconcileAsync(repair: false, org);
        Assert.Equal(before, await drifting.ContentAsync());
        return found;
    }

    private async Task<JsonNode> ControlAsync(string call, JsonObject body)
    {
        using var client = new HttpClient { BaseAddress = _world.Sandbox.Url };
        using var json = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/_sandbox/" + call, json);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }
}
