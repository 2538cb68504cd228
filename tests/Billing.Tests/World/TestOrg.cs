using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Authentication;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.World;

/// <summary>An org of its own for one test, acting through its owner's key.</summary>
public sealed class TestOrg
{
    private readonly BillingWorld _world;

    private TestOrg(BillingWorld world, string id, string ownerKey) => (_world, Id, OwnerKey) = (world, id, ownerKey);

    public string Id { get; }

    public string OwnerKey { get; }

    /// <param name="world">Where it lives.</param>
    /// <param name="id">Null: one that no other org has.</param>
    public static async Task<TestOrg> CreateAsync(BillingWorld world, string? id = null)
    {
        id ??= "org-" + Guid.NewGuid().ToString("N")[..12];
        return new TestOrg(world, id, await world.CreateKeyAsync(Role.Owner, id));
    }

    /// <summary>The same org, acting through another key or token.</summary>
    public TestOrg As(string key) => new(_world, Id, key);

    public Task<ApiAnswer> CheckoutAsync(object request, Uri? host = null, string path = "/v1/billing/checkout") =>
        PostAsync(path, JsonSerializer.Serialize(request), host: host);

    public async Task<ApiAnswer> PostAsync(string path, string json, string contentType = "application/json", Uri? host = null)
    {
        using var client = _world.Client(OwnerKey, host);
        client.DefaultRequestHeaders.ExpectContinue = json.Length > 50_000; // so that a refusal arrives before the body is sent
        using var content = new StringContent(json, Encoding.UTF8, contentType);
        using var response = await client.PostAsync(path, content);
        return await ApiAnswer.ReadAsync(response);
    }

    /// <summary>Posts to a call under <c>/v1/billing</c>.</summary>
    public Task<ApiAnswer> CallAsync(string call, object request, Uri? host = null) =>
        PostAsync("/v1/billing" + call, JsonSerializer.Serialize(request), host: host);

    public Task<ApiAnswer> ActivateAsync(string sessionId, Uri? host = null) => CallAsync("/activate", new { session_id = sessionId }, host);

    public Task<ApiAnswer> StatusAsync() => GetAsync("/status");

    public Task<ApiAnswer> CreditsAsync() => GetAsync("/credits");

    /// <summary>Reads a call under <c>/v1/billing</c>.</summary>
    public async Task<ApiAnswer> GetAsync(string call)
    {
        using var client = _world.Client(OwnerKey);
        using var response = await client.GetAsync("/v1/billing" + call);
        return await ApiAnswer.ReadAsync(response);
    }

    /// <summary>Buys a plan on the hosted page, as a buyer would.</summary>
    /// <returns>The session's id and where the page sent the buyer.</returns>
    public async Task<(string SessionId, Uri? Landed)> BuyAsync(string plan = "pro", string interval = "monthly")
    {
        var checkout = await CheckoutAsync(new { plan, interval });
        Assert.Equal(200, checkout.Status);
        return (checkout["session_id"]!, await PayAsync(checkout["url"]!));
    }

    /// <summary>Buys credits on the hosted page, as a buyer would.</summary>
    /// <returns>The session's id.</returns>
    public async Task<string> BuyCreditsAsync(object? request = null)
    {
        var topUp = await CallAsync("/topup", request ?? new { pack = "small" });
        Assert.Equal(200, topUp.Status);
        Assert.NotNull(await PayAsync(topUp["url"]!));
        return topUp["session_id"]!;
    }

    /// <summary>Buys pro in a world that delivers nothing, and delivers the events of the purchase by hand.</summary>
    /// <returns>The subscription as Stripe shows it. No re-read of it is due any more.</returns>
    public async Task<JsonNode> SubscribeByHandAsync()
    {
        foreach (var e in await BuyUndeliveredAsync())
        {
            await _world.Events.DeliverAsync(e);
        }
        await EventuallyAsync("plan", "pro");
        await Eventually.Async(PendingAsync, pending => !pending, "no re-read is due");
        await using var db = _world.OpenDb();
        return await _world.Events.GetAsync("/v1/subscriptions/" + (await db.Subscriptions.SingleAsync(s => s.OrgId == Id)).Id);
    }

    /// <summary>Buys pro in a world that delivers nothing.</summary>
    /// <returns>The events that Stripe made of it, oldest first.</returns>
    public async Task<List<JsonNode>> BuyUndeliveredAsync()
    {
        await BuyAsync();
        await using var db = _world.OpenDb();
        return await _world.Events.OfCustomerAsync((await db.Orgs.SingleAsync(o => o.Id == Id)).StripeCustomerId!);
    }

    private async Task<bool> PendingAsync()
    {
        await using var db = _world.OpenDb();
        return await db.Subscriptions.AnyAsync(s => s.OrgId == Id && s.ReReadDueAt != null);
    }

    /// <summary>Types a card into the hosted page; where it sends the buyer, or null if it shows itself again.</summary>
    public Task<Uri?> PayAsync(string url, string card = "4242424242424242") =>
        SubmitAsync(url, new() { ["card_number"] = card, ["exp"] = "12/40", ["cvc"] = "123" });

    /// <summary>Types a bank account into the hosted page; the money comes days later, or not.</summary>
    public Task<Uri?> PayFromBankAsync(string url, string account) =>
        SubmitAsync(url, new() { ["routing_number"] = "110000000", ["account_number"] = account });

    /// <summary>Waits until the status has this value.</summary>
    public Task<ApiAnswer> EventuallyAsync(string field, string? value) =>
        Eventually.Async(StatusAsync, status => status[field] == value, $"{field} of {Id} becomes {value}");

    private async Task<Uri?> SubmitAsync(string url, Dictionary<string, string> fields)
    {
        using var client = _world.Client();
        using var form = new FormUrlEncodedContent(fields);
        using var response = await client.PostAsync(url, form);
        return response.Headers.Location;
    }
}
