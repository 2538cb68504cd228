using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>The beginning of a subscription that is paid for at once: subscription, first invoice, payment, in the order of Stripe's events.</summary>
internal static class SubscriptionStart
{
    public static (JsonObject Subscription, JsonObject Invoice) Begin(Transaction tx, SubscriptionOrder order)
    {
        var subscription = tx.Add(Subscriptions.New(tx, order));
        var items = subscription.Object("items")["data"]!.AsArray();
        foreach (var (price, quantity) in order.Recurring)
        {
            items.Add(Subscriptions.NewItem(tx, subscription, price, quantity));
        }

        var lines = subscription.Elements("items").Select(item => InvoiceLine.OfItem(tx, subscription, item))
            .Concat(order.OneTime.Select(bought => InvoiceLine.OfOneTime(tx, subscription, bought.Price, bought.Quantity)));
        var invoice = Invoicing.Draft(tx, subscription, "subscription_create", [.. lines]);
        subscription["latest_invoice"] = invoice.Id();
        tx.Emit("customer.subscription.created", subscription);
        Invoicing.Finalise(tx, invoice);
        Invoicing.Collect(tx, invoice, order.Method, "Subscription creation");
        return (subscription, invoice);
    }
}

/// <summary>What a subscription is made of. Prices with their quantities; one-time prices go on the first invoice only.</summary>
internal sealed record SubscriptionOrder(string CustomerId, JsonObject Method, string Currency)
{
    public IReadOnlyList<(JsonObject Price, long Quantity)> Recurring { get; init; } = [];

    public IReadOnlyList<(JsonObject Price, long Quantity)> OneTime { get; init; } = [];

    public JsonObject Metadata { get; init; } = [];

    public string? Description { get; init; }

    public string BillingMode { get; init; } = "flexible";
}
