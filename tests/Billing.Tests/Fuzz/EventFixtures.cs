using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Tests.World;
using Billing.Webhooks;

namespace Billing.Tests.Fuzz;

/// <summary>An event of every type that is handled, around objects of one org as the sandbox shows them.</summary>
internal static class EventFixtures
{
    public static async Task<List<JsonNode>> CreateAsync(BillingWorld world)
    {
        var org = await TestOrg.CreateAsync(world);
        var subscription = await org.SubscribeByHandAsync();
        var customer = subscription["customer"]!.ToString();
        var session = await world.Events.GetAsync("/v1/checkout/sessions/" + await org.BuyCreditsAsync());
        var payment = session["payment_intent"]!.ToString();
        var refund = await world.PostToStripeAsync("/v1/refunds", new() { ["payment_intent"] = payment, ["amount"] = "100" });
        var objects = new Dictionary<string, JsonNode>
        {
            ["checkout.session"] = session,
            ["customer.subscription"] = subscription,
            ["customer"] = await world.Events.GetAsync("/v1/customers/" + customer),
            ["invoice"] = await world.Events.GetAsync("/v1/invoices/" + subscription["latest_invoice"]),
            ["charge"] = await world.Events.GetAsync("/v1/charges/" + refund["charge"]),
            ["charge.dispute"] = await DisputeAsync(world, org),
            ["refund"] = refund,
        };
        return [.. EventHandlers.Types.Order().Select(type => EventsByHand.Event(
            type, objects[objects.Keys.Where(name => type.StartsWith(name + ".", StringComparison.Ordinal)).MaxBy(name => name.Length)!],
            world.Sandbox.Clock.GetUtcNow()))];
    }

    private static async Task<JsonNode> DisputeAsync(BillingWorld world, TestOrg org)
    {
        var session = await world.Events.GetAsync("/v1/checkout/sessions/" + await org.BuyCreditsAsync());
        using var client = new HttpClient { BaseAddress = world.Sandbox.Url };
        using var opened = await client.PostAsJsonAsync("/_sandbox/disputes", new { payment_intent = session["payment_intent"]!.ToString() });
        return JsonNode.Parse(await opened.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }
}
