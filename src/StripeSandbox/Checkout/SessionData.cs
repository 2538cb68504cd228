using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;

namespace StripeSandbox.Checkout;

/// <summary>What a session keeps for the object that paying it makes: <c>subscription_data</c> or <c>payment_intent_data</c>.</summary>
internal static class SessionData
{
    public static JsonObject ReadSubscription(Call call)
    {
        if (call.Params.Object("subscription_data") is not { } p)
        {
            return new JsonObject { ["metadata"] = new JsonObject(), ["billing_mode"] = "flexible" };
        }

        p.RefuseNotEmulated("application_fee_percent", "billing_cycle_anchor", "billing_cycle_anchor_config", "default_tax_rates", "on_behalf_of",
            "pending_invoice_item_interval", "transfer_data");
        p.Accept("invoice_settings", "proration_behavior");
        var mode = p.Object("billing_mode");
        mode?.Accept("flexible");
        return new JsonObject
        {
            ["metadata"] = p.NewMetadata(),
            ["description"] = p.Text("description", 500),
            ["billing_mode"] = mode?.OneOf("type", "classic", "flexible") ?? "flexible",
            ["trial_end"] = ReadTrialEnd(call, p),
            ["trial_end_behavior"] = p.Object("trial_settings")?.Object("end_behavior")?.OneOf("missing_payment_method", "cancel", "create_invoice", "pause"),
            ["trial_period_days"] = p.Integer("trial_period_days", 1, Trial.MaxDays),
        };
    }

    public static bool HasTrial(JsonObject? subscriptionData) => (subscriptionData?["trial_end"] ?? subscriptionData?["trial_period_days"]) is not null;

    private static long? ReadTrialEnd(Call call, Params p)
    {
        p.Exclusive("trial_end", "trial_period_days");
        var end = p.Time("trial_end");
        if (end < call.Now + 2 * Trial.DaySeconds || end > call.Now + Trial.MaxDays * Trial.DaySeconds)
        {
            throw StripeError.BadParameter($"The `trial_end` date has to be at least 2 days and at most {Trial.MaxDays} days in the future.", p.PathOf("trial_end"));
        }

        return end;
    }

    public static JsonObject ReadPaymentIntent(Params parameters)
    {
        if (parameters.Object("payment_intent_data") is not { } p)
        {
            return new JsonObject { ["metadata"] = new JsonObject() };
        }

        p.RefuseNotEmulated("application_fee_amount", "on_behalf_of", "shipping", "transfer_data", "transfer_group");
        if (p.OneOf("capture_method", "automatic", "automatic_async", "manual") == "manual")
        {
            throw StripeError.NotEmulated("payment_intent_data[capture_method]=manual");
        }

        p.Text("statement_descriptor", 22);
        p.Text("statement_descriptor_suffix", 22);
        return new JsonObject
        {
            ["metadata"] = p.NewMetadata(),
            ["description"] = p.Text("description", 1000),
            ["receipt_email"] = p.Email("receipt_email"),
            ["setup_future_usage"] = p.OneOf("setup_future_usage", "off_session", "on_session"),
        };
    }
}
