using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>
/// Whether a switch waits for the period's end: one of the configuration's <c>schedule_at_period_end.conditions</c> holds.
/// Amounts are compared as they stand, a month's with a year's too.
/// </summary>
internal static class PlanTiming
{
    public static bool IsAtPeriodEnd(PortalVisit visit, PlanChoice choice)
    {
        var former = visit.Tx.Get(Prices.Type, choice.Item.Text("price"));
        return visit.Feature(PortalVisit.Update).Object("schedule_at_period_end").Elements("conditions").Any(condition => condition.Text("type") switch
        {
            "decreasing_item_amount" => choice.Price.Number("unit_amount") * choice.Quantity < former.Number("unit_amount") * choice.Item.Number("quantity"),
            "shortening_interval" => Days(choice.Price) < Days(former),
            _ => false,
        });
    }

    // In mean days, so that twelve months are as long as a year.
    private static decimal Days(JsonObject price) => price.Object("recurring").Number("interval_count") * price.Object("recurring").Text("interval") switch
    {
        "day" => 1m,
        "week" => 7m,
        "month" => 30.4375m,
        _ => 365.25m,
    };
}
