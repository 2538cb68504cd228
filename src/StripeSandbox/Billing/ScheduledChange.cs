using System.Text.Json.Nodes;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// A change of one item's price, perhaps its quantity, that takes effect when the item's running period ends: how the
/// portal carries out a downgrade. Stripe makes a subscription schedule of it, of which clients see the id in
/// <c>schedule</c>. A subscription has at most one; any other change of its items, and any cancellation, drops it.
/// </summary>
internal sealed record ScheduledChange(string ItemId, string PriceId, long? Quantity)
{
    private const string Field = "_scheduled_change";

    public static ScheduledChange? Find(JsonObject subscription) => subscription[Field] is JsonObject kept
        ? new ScheduledChange(kept.Text("item"), kept.Text("price"), kept.NumberOrNull("quantity"))
        : null;

    /// <summary>Remembers the change in place of a former one and reports it. Without a quantity the item keeps its own.</summary>
    /// <exception cref="InvalidOperationException">The subscription has ended, has no such item, or the price is not a recurring one of its currency.</exception>
    public static void Set(Transaction tx, JsonObject subscription, string itemId, JsonObject price, long? quantity)
    {
        if (Cancellation.IsEnded(subscription) || subscription.Elements("items").All(item => item.Id() != itemId)
            || price["recurring"] is null || price.Text("currency") != subscription.Text("currency"))
        {
            throw new InvalidOperationException($"{subscription.Id()} cannot change {itemId} to {price.Id()}.");
        }

        tx.Change("customer.subscription.updated", subscription, edited =>
        {
            edited["schedule"] ??= Ids.New("sub_sched_1", 23);
            edited[Field] = new JsonObject { ["item"] = itemId, ["price"] = price.Id(), ["quantity"] = quantity };
        });
    }

    /// <summary>Drops the change, if there is one, and reports that.</summary>
    public static void Clear(Transaction tx, JsonObject subscription) => tx.Change("customer.subscription.updated", subscription, Forget);

    /// <summary>Drops the change from a subscription that is being edited anyway.</summary>
    public static void Forget(JsonObject edited)
    {
        edited["schedule"] = null;
        edited.Remove(Field);
    }

    /// <summary>
    /// Carries out the change at the end of the item's period, unix seconds; the period's successor is for the caller to
    /// make. Another interval begins to count from here.
    /// </summary>
    public static void Apply(Transaction tx, JsonObject edited, long periodEnd)
    {
        if (Find(edited) is not { } change || edited.Elements("items").FirstOrDefault(item => item.Id() == change.ItemId) is not { } changed
            || changed.Number("current_period_end") > periodEnd)
        {
            return;
        }

        if (!BillingPeriod.SameInterval(tx.Get("price", changed.Text("price")), tx.Get("price", change.PriceId)))
        {
            edited["billing_cycle_anchor"] = periodEnd;
        }

        changed["price"] = change.PriceId;
        changed["quantity"] = change.Quantity ?? changed.Number("quantity");
        Forget(edited);
    }
}
