using System.Text.Json;
using Billing.Authentication;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>An org's name and address when Stripe fails, refuses or is cut off half way.</summary>
public sealed class OrgFaultTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;
    private FaultyStripe _stripe = null!;
    private Uri _host = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await fixture.StartWorldAsync(deliver: false);
        _stripe = await FaultyStripe.StartAsync(_world);
        _host = await _world.StartSecondHostAsync(_stripe.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Fact]
    public async Task Put_StripeDown_ChangesNothingHere_AndTheNextOneMendsBoth()
    {
        var org = await TestOrg.CreateAsync(_world);
        await PutAsync(org.Id, new { name = "Before" });
        await org.CheckoutAsync(new { plan = "pro" });
        // Stripe takes the change, and its answer is lost.
        _stripe.Intercept = async call =>
        {
            if (!call.Request.Path.StartsWithSegments("/v1/customers"))
            {
                return false;
            }
            var customer = (await RowAsync(org.Id)).StripeCustomerId!;
            await new Stripe.CustomerService(_world.Stripe).UpdateAsync(customer, new Stripe.CustomerUpdateOptions { Name = "After" });
            return await FaultyStripe.AnswerAsync(call, 500, "api_error");
        };

        Assert.Equal(503, (await PutAsync(org.Id, new { name = "After" }, _host)).Status);
        Assert.Equal("Before", (await GetAsync(org.Id))["name"]);

        // The caller decides to leave it as it was: our row says so already, Stripe does not.
        Assert.Equal(200, (await PutAsync(org.Id, new { name = "Before" })).Status);
        Assert.Equal("Before", (await AtStripeAsync(org.Id)).Name);
        Assert.False((await RowAsync(org.Id)).ProfilePending);
    }

    [Theory]
    [InlineData("second@acme.example")]
    [InlineData(null)]
    public async Task Checkout_AnswersLostAndAddressChangedMeanwhile_StillMakesOneCustomer(string? email)
    {
        var org = await TestOrg.CreateAsync(_world);
        await PutAsync(org.Id, new { email = "first@acme.example" });
        // The customer is made and told its address; then the host is cut off.
        _stripe.Intercept = async call =>
        {
            if (!call.Request.Path.Value!.StartsWith("/v1/customers/", StringComparison.Ordinal))
            {
                return false;
            }
            await new Stripe.CustomerService(_world.Stripe).UpdateAsync(
                call.Request.Path.Value.Split('/')[^1], new Stripe.CustomerUpdateOptions { Email = "first@acme.example" });
            return await FaultyStripe.AnswerAsync(call, 500, "api_error");
        };
        Assert.Equal(503, (await org.CheckoutAsync(new { plan = "pro" }, _host)).Status);
        Assert.Null((await RowAsync(org.Id)).StripeCustomerId);

        Assert.Equal(200, (await SendAsync(HttpMethod.Put, org.Id, JsonSerializer.Serialize(new { email }))).Status);
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" })).Status);

        Assert.Equal(email, (await AtStripeAsync(org.Id)).Email);
        Assert.False((await RowAsync(org.Id)).ProfilePending);
        var customers = await _world.Events.GetAsync("/v1/customers?limit=100");
        Assert.Single(customers["data"]!.AsArray(), customer => customer!["metadata"]!["billing_org"]?.ToString() == org.Id);
    }

    [Fact]
    public async Task Address_ThatStripeRefuses_IsTheCallersFaultOnPut_AndStopsNoSale()
    {
        var org = await TestOrg.CreateAsync(_world);
        await PutAsync(org.Id, new { email = "odd@acme.example" });
        _stripe.Intercept = async call =>
        {
            if (!call.Request.Path.Value!.StartsWith("/v1/customers/", StringComparison.Ordinal))
            {
                return false;
            }
            call.Response.StatusCode = 400;
            await call.Response.WriteAsJsonAsync(new { error = new { type = "invalid_request_error", code = "email_invalid", param = "email", message = "no" } });
            return true;
        };

        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" }, _host)).Status);
        var refused = await PutAsync(org.Id, new { email = "odder@acme.example" }, _host);

        Assert.Equal((400, "email"), (refused.Status, refused["error.details.errors.0.path"]));
        Assert.Equal("odd@acme.example", (await GetAsync(org.Id))["email"]);
        // Saying the same again is not taken for done either.
        Assert.Equal(400, (await PutAsync(org.Id, new { email = "odd@acme.example" }, _host)).Status);
        Assert.Equal(200, (await PutAsync(org.Id, new { email = "odd@acme.example" })).Status);
        Assert.Equal("odd@acme.example", (await AtStripeAsync(org.Id)).Email);
    }

    private async Task<Org> RowAsync(string id)
    {
        await using var db = _world.OpenDb();
        return await db.Orgs.SingleAsync(o => o.Id == id);
    }

    private async Task<(string? Name, string? Email)> AtStripeAsync(string id)
    {
        var customer = await _world.Events.GetAsync("/v1/customers/" + (await RowAsync(id)).StripeCustomerId);
        return (customer["name"]?.ToString(), customer["email"]?.ToString());
    }

    private Task<ApiAnswer> GetAsync(string id) => SendAsync(HttpMethod.Get, id, null);

    private Task<ApiAnswer> PutAsync(string id, object body, Uri? host = null) => SendAsync(HttpMethod.Put, id, JsonSerializer.Serialize(body), host);

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string id, string? json, Uri? host = null) =>
        await _world.SendAsync(method, "/v1/billing/orgs/" + id, await _world.CreateKeyAsync(Role.Service), json, host: host);
}
