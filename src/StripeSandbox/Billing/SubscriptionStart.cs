using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>The beginning of a subscription, paid for at once or with a trial: subscription, first invoice, payment, in the order of Stripe's events.</summary>
internal static class SubscriptionStart
{
    public const string PaymentDescription = "Subscription creation";

    /// <exception cref="StripeError">402: the card is refused; nothing remains.</exception>
    public static (JsonObject Subscription, JsonObject Invoice) Begin(Transaction tx, SubscriptionOrder order)
    {
        var subscription = tx.Add(Subscriptions.New(tx, order));
        var items = subscription.Object("items")["data"]!.AsArray();
        foreach (var (price, quantity) in order.Recurring)
        {
            items.Add(Subscriptions.NewItem(tx, subscription, price, quantity));
        }

        if (order.Coupon is { } coupon)
        {
            Discounts.Add(tx, subscription, coupon, order.PromotionCodeId);
        }

        var lines = subscription.Elements("items").Select(item => InvoiceLine.OfItem(tx, subscription, item))
            .Concat(order.OneTime.Select(bought => InvoiceLine.OfOneTime(tx, subscription, bought.Price, bought.Quantity)));
        var invoice = Invoicing.Draft(tx, subscription, "subscription_create", [.. lines]);
        subscription["latest_invoice"] = invoice.Id();
        tx.Emit("customer.subscription.created", subscription);
        if (Trial.NoticeAt(subscription) <= tx.Now)
        {
            Trial.Notify(tx, subscription);
        }

        Invoicing.Finalise(tx, invoice);
        if (Collection.Attempt(tx, invoice, order.Method, new CollectionOrder(PaymentDescription, Automatic: true, tx.Now) { IntentId = order.IntentId }) is { } refusal)
        {
            throw refusal.ToError();
        }

        return (subscription, invoice);
    }
}

/// <summary>What a subscription is made of. Prices with their quantities; one-time prices go on the first invoice only.</summary>
internal sealed record SubscriptionOrder(string CustomerId, JsonObject Method, string Currency)
{
    public IReadOnlyList<(JsonObject Price, long Quantity)> Recurring { get; init; } = [];

    public IReadOnlyList<(JsonObject Price, long Quantity)> OneTime { get; init; } = [];

    public JsonObject Metadata { get; init; } = [];

    /// <summary>Until when nothing of the recurring prices is charged, unix seconds; null: no trial.</summary>
    public long? TrialEnd { get; init; }

    /// <summary>Stripe's <c>missing_payment_method</c>: shown only, since the sandbox starts no subscription without a card.</summary>
    public string TrialEndBehavior { get; init; } = "create_invoice";

    public string? Description { get; init; }

    /// <summary>What is taken off the first invoice that is not zero; null: nothing.</summary>
    public JsonObject? Coupon { get; init; }

    /// <summary>The promotion code that the buyer typed to get it.</summary>
    public string? PromotionCodeId { get; init; }

    /// <summary>The payment intent that the buyer has confirmed; null: a new one.</summary>
    public string? IntentId { get; init; }

    public string BillingMode { get; init; } = "flexible";
}
