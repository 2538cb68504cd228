using Billing.Authentication;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>
/// A host that was given another Stripe account's key: there every customer and session is "no such", and once that was taken for gone. It
/// has to answer 503 and change nothing, or it takes a subscriber's customer away or sells a second time.
/// </summary>
public sealed class OtherAccountTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;
    private Uri _wrong = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await fixture.StartWorldAsync(deliver: false);
        _wrong = await _world.StartSecondHostAsync(new Dictionary<string, string?> { ["Stripe:ApiKey"] = "sk_test_another_account" });
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Subscriber_KeepsItsCustomer_WhateverTheWrongHostIsAsked()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync()).SessionId);
        var customer = (await OrgAsync(org)).StripeCustomerId;
        var service = await _world.CreateKeyAsync(Role.Service);

        ApiAnswer[] answers =
        [
            await org.CallAsync("/topup", new { pack = "small" }, _wrong),
            await org.CallAsync("/portal", new { }, _wrong),
            await org.CheckoutAsync(new { plan = "team" }, _wrong),
            await _world.SendAsync(HttpMethod.Put, "/v1/billing/orgs/" + org.Id, service, """{"name":"Acme"}""", host: _wrong),
        ];

        Assert.All(answers, answer => Assert.Equal((503, "UNAVAILABLE"), (answer.Status, answer["error.code"])));
        Assert.NotNull(customer);
        Assert.Equal((customer, null), ((await OrgAsync(org)).StripeCustomerId, (await OrgAsync(org)).Name));
        Assert.Equal(200, (await org.CallAsync("/portal", new { })).Status);
        Assert.Equal("plan_change", (await org.CheckoutAsync(new { plan = "team" }))["kind"]);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("medium")]
    public async Task OpenSession_IsNotTakenForOver(string pack)
    {
        var org = await TestOrg.CreateAsync(_world);
        var page = await org.CallAsync("/topup", new { pack = "small" });

        Assert.Equal(503, (await org.CallAsync("/topup", new { pack }, _wrong)).Status);

        Assert.Equal((CheckoutState.Open, page["session_id"]), await SessionAsync(org));
    }

    [Fact]
    public async Task SessionWhoseMakingIsNotKnown_IsNotAbandoned()
    {
        var org = await TestOrg.CreateAsync(_world);
        var page = await org.CallAsync("/topup", new { pack = "small" });
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET state = 'creating', session_id = NULL, url = NULL");

        Assert.Equal(503, (await org.CallAsync("/topup", new { pack = "medium" }, _wrong)).Status);

        Assert.Equal((CheckoutState.Creating, null), await SessionAsync(org));
        Assert.Equal(page["session_id"], (await org.CallAsync("/topup", new { pack = "small" }))["session_id"]);
    }

    [Fact]
    public async Task PendingPayment_IsNotTakenForFailed()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyCreditsAsync();
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE checkout_sessions SET state = 'complete', payment_status = 'unpaid'");

        Assert.Equal(503, (await org.CallAsync("/topup", new { pack = "small" }, _wrong)).Status);

        Assert.Equal("unpaid", (await db.CheckoutSessions.SingleAsync(s => s.OrgId == org.Id)).PaymentStatus);
    }

    private async Task<Org> OrgAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return await db.Orgs.SingleAsync(o => o.Id == org.Id);
    }

    private async Task<(CheckoutState, string?)> SessionAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        var session = await db.CheckoutSessions.SingleAsync(s => s.OrgId == org.Id);
        return (session.State, session.SessionId);
    }
}
