using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>What a subscription may be switched to: the configuration's list, less what cannot be sold to it.</summary>
internal static class PlanOffers
{
    /// <summary>The prices that can be chosen, in the order of the configuration; the subscription's own is among them.</summary>
    public static IReadOnlyList<JsonObject> Of(PortalVisit visit, JsonObject subscription) =>
        [.. visit.Feature(PortalVisit.Update).Elements("products").SelectMany(product => product["prices"]!.AsArray())
            .Select(id => id!.GetValue<string>()).Distinct().Select(id => visit.Tx.Find(Prices.Type, id)).OfType<JsonObject>()
            .Where(price => price["recurring"] is not null && price.Text("currency") == subscription.Text("currency") && IsOnSale(visit, price))];

    /// <summary>Why this subscription cannot be switched at all, in a sentence; null: it can.</summary>
    public static string? Obstacle(JsonObject subscription) => subscription switch
    {
        _ when subscription.Elements("items").Count() != 1 => "A subscription of several prices cannot be switched here.",
        _ when subscription.Text("status") is not ("active" or "trialing") => "Only an active subscription can be switched. Pay what is open first.",
        _ => null,
    };

    /// <summary>Whether customers may change this at all: <c>price</c> or <c>quantity</c>.</summary>
    public static bool MayChange(PortalVisit visit, string what) =>
        visit.Allows(PortalVisit.Update) && visit.Feature(PortalVisit.Update)["default_allowed_updates"]!.AsArray().Any(update => update!.GetValue<string>() == what);

    private static bool IsOnSale(PortalVisit visit, JsonObject price) =>
        price.Flag("active") && visit.Tx.Find(Products.Type, price.Text("product"))?.Flag("active") == true;
}
