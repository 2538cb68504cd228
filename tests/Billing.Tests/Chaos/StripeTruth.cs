using System.Text.Json.Nodes;
using Billing.Tests.World;

namespace Billing.Tests.Chaos;

/// <summary>An org's newest subscription as Stripe has it. What an org does next depends on this alone, so both runs do the same.</summary>
/// <param name="Id">Another one in each run.</param>
/// <param name="Status">Stripe's word.</param>
/// <param name="Price">Its lookup key.</param>
/// <param name="Ends">Whether it is set to end.</param>
/// <param name="WillChange">Whether a change of its price waits for the end of the period.</param>
/// <param name="PeriodEnd">Of the running period, or the last one.</param>
/// <param name="Invoice">The latest.</param>
internal sealed record StripeTruth(string Id, string Status, string Price, bool Ends, bool WillChange, DateTimeOffset PeriodEnd, string Invoice)
{
    public bool IsOver => Status is "canceled" or "incomplete_expired";

    public static async Task<StripeTruth?> ReadAsync(BillingWorld world, string? customer)
    {
        if (customer is null)
        {
            return null;
        }
        var listed = (await world.Events.GetAsync($"/v1/subscriptions?status=all&customer={customer}"))["data"]!.AsArray();
        return listed.MaxBy(found => found!["created"]!.GetValue<long>()) is { } newest ? Of(newest) : null;
    }

    private static StripeTruth Of(JsonNode found)
    {
        var item = found["items"]!["data"]![0]!;
        return new StripeTruth(
            found["id"]!.ToString(), found["status"]!.ToString(), item["price"]!["lookup_key"]!.ToString(),
            found["cancel_at"] is not null || found["cancel_at_period_end"]!.GetValue<bool>(), found["schedule"] is not null,
            DateTimeOffset.FromUnixTimeSeconds(item["current_period_end"]!.GetValue<long>()), found["latest_invoice"]!.ToString());
    }
}
