using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>A session's trial in words, with what comes after it: <c>7 days free, then $29.00 per month</c>.</summary>
internal static class TrialText
{
    /// <summary>Null: the session has no trial.</summary>
    public static string? Of(Transaction tx, JsonObject session)
    {
        if (session["_subscription_data"] is not JsonObject data || !SessionData.HasTrial(data))
        {
            return null;
        }

        var free = data.NumberOrNull("trial_period_days") is { } days
            ? $"{days} {(days == 1 ? "day" : "days")} free"
            : $"Free until {DateTimeOffset.FromUnixTimeSeconds(data.Number("trial_end")).ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}";
        return $"{free}, then {RecurringText.Of(tx, session)}";
    }
}
