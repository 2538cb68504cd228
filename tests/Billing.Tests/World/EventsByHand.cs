using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Billing.Tests.World;

/// <summary>Takes events and objects from the sandbox as they are and delivers them when and how a test wants.</summary>
public sealed class EventsByHand(BillingWorld world)
{
    /// <summary>The events of this customer that the service handles, oldest first, as Stripe would deliver them.</summary>
    public async Task<List<JsonNode>> OfCustomerAsync(string customerId)
    {
        var events = new List<JsonNode>();
        string? last = null;
        JsonNode page;
        do
        {
            page = await GetAsync("/v1/events?limit=100" + (last is null ? "" : "&starting_after=" + last));
            events.AddRange(page["data"]!.AsArray().Select(e => e!.DeepClone()));
            last = events.LastOrDefault()?["id"]!.ToString();
        }
        while (page["has_more"]!.GetValue<bool>());
        events.Reverse();
        return events.FindAll(e => e["data"]!["object"]!["customer"]?.ToString() == customerId
            && Webhooks.EventHandlers.Types.Contains(e["type"]!.ToString()));
    }

    /// <summary>An object as Stripe's API shows it now.</summary>
    public async Task<JsonNode> GetAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = world.Sandbox.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BillingWorld.StripeKey);
        return JsonNode.Parse(await client.GetStringAsync(path))!;
    }

    /// <summary>An event around an object, with an id of its own.</summary>
    public static JsonNode Event(string type, JsonNode content, DateTimeOffset created) => new JsonObject
    {
        ["id"] = "evt_" + Guid.NewGuid().ToString("N"),
        ["object"] = "event",
        ["api_version"] = Stripe.StripeConfiguration.ApiVersion,
        ["created"] = created.ToUnixTimeSeconds(),
        ["livemode"] = false,
        ["pending_webhooks"] = 1,
        ["type"] = type,
        ["data"] = new JsonObject { ["object"] = content.DeepClone() },
        ["request"] = new JsonObject { ["id"] = null, ["idempotency_key"] = null },
    };

    /// <summary>Delivers with a genuine signature.</summary>
    public Task<ApiAnswer> DeliverAsync(JsonNode e, Uri? host = null) => DeliverSignedAsync(e.ToJsonString(), host: host);

    /// <summary>Delivers any text with a signature of this secret and age.</summary>
    public Task<ApiAnswer> DeliverSignedAsync(
        string payload, string secret = BillingWorld.TestSecret, long ageInSeconds = 0, Uri? host = null) =>
        DeliverAsync(payload, Stripe.EventUtility.GenerateSignatureHeader(
            payload, secret, world.Sandbox.Clock.GetUtcNow().ToUnixTimeSeconds() - ageInSeconds), host: host);

    /// <summary>Delivers any text with any header, or without one.</summary>
    public async Task<ApiAnswer> DeliverAsync(
        string payload, string? signature, string path = "/v1/billing/webhook", Uri? host = null, bool chunked = false)
    {
        using var client = world.Client(host: host);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = payload.Length > 100_000; // so that a refusal arrives before the body is sent
        request.Content = new StringContent(payload, Encoding.UTF8, "application/json");
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        }
        using var response = await client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }
}
