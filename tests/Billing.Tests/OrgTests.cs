using System.Text.Json;
using Billing.Authentication;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>The SaaS backend tells who an org is, and Stripe hears of it.</summary>
public sealed class OrgTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Fact]
    public async Task Put_MakesTheOrgOrReplacesIt_AndIsSafeToRepeat()
    {
        var id = NewId();
        Assert.Equal(404, (await GetAsync(id)).Status);

        var made = await PutAsync(id, new { name = "Acme", email = "pay@acme.example" });
        Assert.Equal((200, id, "Acme", "pay@acme.example", "free"), (made.Status, made["id"], made["name"], made["email"], made["plan"]));
        Assert.Equal(made.Body!.ToJsonString(), (await PutAsync(id, new { name = "Acme", email = "pay@acme.example" })).Body!.ToJsonString());
        Assert.Equal(made.Body!.ToJsonString(), (await GetAsync(id)).Body!.ToJsonString());

        var replaced = await PutAsync(id, new { name = "Acme & Söhne" });
        Assert.Equal((200, "Acme & Söhne", null, made["created_at"]), (replaced.Status, replaced["name"], replaced["email"], replaced["created_at"]));
        Assert.Equal(replaced.Body!.ToJsonString(), (await GetAsync(id)).Body!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"  "}""", "name")]
    [InlineData("{\"name\":\"nul\\u0000\"}", "name")]
    [InlineData("""{"name":"line\u2028break"}""", "name")]
    [InlineData("""{"name":"line\u2029break"}""", "name")]
    [InlineData("""{"name":"back\u202ewards"}""", "name")]
    [InlineData("""{"name":"\ufeffAcme"}""", "name")]
    [InlineData("""{"name":"\ue000"}""", "name")]
    [InlineData("""{"name":5}""", "name")]
    [InlineData("""{"email":""}""", "email")]
    [InlineData("""{"email":"acme.example"}""", "email")]
    [InlineData("""{"email":"pay@acme"}""", "email")]
    [InlineData("""{"email":"pay@acme..example"}""", "email")]
    [InlineData("""{"email":"a b@acme.example"}""", "email")]
    [InlineData("""{"email":"a@b.example, c@d.example"}""", "email")]
    [InlineData("{\"email\":\"pay@acme.example\\n\"}", "email")]
    [InlineData("""{"plan":"enterprise"}""", "plan")]
    public async Task Put_WithAWrongField_IsRefusedAndMakesNothing(string json, string path)
    {
        var id = NewId();
        var refused = await SendAsync(HttpMethod.Put, id, json);
        Assert.Equal((400, path), (refused.Status, refused["error.details.errors.0.path"]));
        Assert.Equal(404, (await GetAsync(id)).Status);
    }

    [Fact]
    public async Task Put_FieldsAtTheirLimits_AreTakenAndOneMoreIsNot()
    {
        static string Email(int length) => "pay@" + new string('x', length - 8) + ".com";
        Assert.Equal(200, (await PutAsync(NewId(), new { name = new string('x', 256), email = Email(512) })).Status);
        Assert.Equal(400, (await PutAsync(NewId(), new { name = new string('x', 257) })).Status);
        Assert.Equal(200, (await PutAsync(NewId(), new { name = string.Concat(Enumerable.Repeat("🏦", 256)) })).Status);
        Assert.Equal(400, (await PutAsync(NewId(), new { name = string.Concat(Enumerable.Repeat("🏦", 257)) })).Status);
        Assert.Equal(400, (await PutAsync(NewId(), new { email = Email(513) })).Status);
    }

    [Theory]
    [InlineData("Zoë & 日本 GmbH")]
    [InlineData("نامه\u200cها")]
    [InlineData("👩\u200d🌾 Farm")]
    public async Task Name_OfAnyScript_IsKept(string name) =>
        Assert.Equal((200, name), (await PutAsync(NewId(), new { name }) is var saved ? (saved.Status, saved["name"]) : default));

    [Theory]
    [InlineData("-starts-with-a-dash")]
    [InlineData("white%20space")]
    [InlineData("a%00b")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task Id_Malformed_IsRefused(string id)
    {
        Assert.Equal(400, (await PutAsync(id, new { })).Status);
        Assert.Equal(400, (await GetAsync(id)).Status);
    }

    [Fact]
    public async Task Customer_MadeAtCheckout_BearsNameAndAddress_AndFollowsTheirChanges()
    {
        var org = await TestOrg.CreateAsync(_world);
        await PutAsync(org.Id, new { name = "Acme", email = "pay@acme.example" });
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" })).Status);
        Assert.Equal(("Acme", "pay@acme.example"), await AtStripeAsync(org.Id));

        Assert.Equal(200, (await PutAsync(org.Id, new { email = "new@acme.example" })).Status);
        Assert.Equal((null, "new@acme.example"), await AtStripeAsync(org.Id));
        Assert.Equal(200, (await PutAsync(org.Id, new { })).Status);
        Assert.Equal((null, null), await AtStripeAsync(org.Id));
    }

    [Fact]
    public async Task Put_ManyAtOnce_LeavesStripeAndTheRowAgreed()
    {
        var id = NewId();
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => PutAsync(id, new { name = $"Name {i}" })));
        Assert.All(made, answer => Assert.Equal(200, answer.Status));
        await using (var db = _world.OpenDb())
        {
            var customer = await new Stripe.CustomerService(_world.Stripe).CreateAsync(new Stripe.CustomerCreateOptions());
            await db.Orgs.Where(o => o.Id == id).ExecuteUpdateAsync(set => set.SetProperty(o => o.StripeCustomerId, customer.Id));
        }

        var changed = await Task.WhenAll(Enumerable.Range(6, 6).Select(i => PutAsync(id, new { name = $"Name {i}" })));

        Assert.All(changed.Index(), answer => Assert.Equal((200, $"Name {answer.Index + 6}"), (answer.Item.Status, answer.Item["name"])));
        Assert.Equal((await GetAsync(id))["name"], (await AtStripeAsync(id)).Name);
    }

    [Fact]
    public async Task Customer_DeletedAtStripe_IsForgottenAndTheChangeKept()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.CheckoutAsync(new { plan = "pro" });
        var first = (await RowAsync(org.Id)).StripeCustomerId!;
        await new Stripe.CustomerService(_world.Stripe).DeleteAsync(first);

        Assert.Equal(200, (await PutAsync(org.Id, new { email = "pay@acme.example" })).Status);

        Assert.Equal("pay@acme.example", (await GetAsync(org.Id))["email"]);
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" })).Status);
        Assert.NotEqual(first, (await RowAsync(org.Id)).StripeCustomerId);
        Assert.Equal("pay@acme.example", (await AtStripeAsync(org.Id)).Email);
    }

    private static string NewId() => "org-" + Guid.NewGuid().ToString("N")[..12];

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
