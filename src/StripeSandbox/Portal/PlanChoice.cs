using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>A switch that the customer asks for and that the configuration allows.</summary>
internal sealed record PlanChoice(JsonObject Subscription, JsonObject Item, JsonObject Price, long Quantity)
{
    /// <summary>Nothing would change, as after the same form was sent before.</summary>
    public bool IsCurrent => Item.Text("price") == Price.Id() && Item.Number("quantity") == Quantity;

    /// <summary>This very change waits for the period's end already.</summary>
    public bool IsScheduled => ScheduledChange.Find(Subscription) is { } change && change.PriceId == Price.Id() && (change.Quantity ?? Item.Number("quantity")) == Quantity;

    /// <summary>A price and a quantity as posted; without one the subscription keeps its own.</summary>
    /// <exception cref="StripeError">403, 404, 409: not with this session, subscription or state. 400: not a price on offer.</exception>
    public static PlanChoice Read(PortalVisit visit, string subscriptionId, string? price, string? quantity)
    {
        visit.Require(PortalVisit.Update, subscriptionId);
        var subscription = visit.LiveSubscription(subscriptionId);
        if (PlanOffers.Obstacle(subscription) is { } obstacle)
        {
            throw PortalRefusals.Blocked(obstacle);
        }

        var item = subscription.Elements("items").Single();
        var choice = new PlanChoice(subscription, item, ReadPrice(visit, subscription, price ?? item.Text("price")), ReadQuantity(visit, item, quantity));
        if (!visit.ShowsOverview && visit.Flow!.Text("type") == "subscription_update_confirm" && choice.Asked != AskedByFlow(visit, item))
        {
            throw PortalRefusals.OtherTask();
        }

        return choice;
    }

    /// <summary>The switch that a session of type <c>subscription_update_confirm</c> leads to.</summary>
    public static PlanChoice OfFlow(PortalVisit visit)
    {
        var task = visit.Flow!.Object("subscription_update_confirm");
        var item = task.Elements("items").Single();
        return Read(visit, task.Text("subscription"), item.TextOrNull("price"), item.NumberOrNull("quantity")?.ToString(CultureInfo.InvariantCulture));
    }

    private (string Price, long Quantity) Asked => (Price.Id(), Quantity);

    private static (string Price, long Quantity) AskedByFlow(PortalVisit visit, JsonObject item)
    {
        var asked = visit.Flow!.Object("subscription_update_confirm").Elements("items").Single();
        return (asked.TextOrNull("price") ?? item.Text("price"), asked.NumberOrNull("quantity") ?? item.Number("quantity"));
    }

    private static JsonObject ReadPrice(PortalVisit visit, JsonObject subscription, string id)
    {
        if (subscription.Elements("items").Single().Text("price") == id)
        {
            return visit.Tx.Get(Prices.Type, id);
        }

        if (!PlanOffers.MayChange(visit, "price"))
        {
            throw PortalRefusals.Disabled();
        }

        return PlanOffers.Of(visit, subscription).FirstOrDefault(price => price.Id() == id) ?? throw PortalRefusals.Invalid("This price is not on offer here.");
    }

    private static long ReadQuantity(PortalVisit visit, JsonObject item, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return item.Number("quantity");
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) || quantity is < 1 or > 999_999)
        {
            throw PortalRefusals.Invalid("The quantity must be a whole number from 1 to 999999.");
        }

        return quantity == item.Number("quantity") || PlanOffers.MayChange(visit, "quantity") ? quantity : throw PortalRefusals.Disabled();
    }
}
