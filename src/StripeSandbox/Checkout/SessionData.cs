using System.Text.Json.Nodes;
using StripeSandbox.Protocol;

namespace StripeSandbox.Checkout;

/// <summary>What a session keeps for the object that paying it makes: <c>subscription_data</c> or <c>payment_intent_data</c>.</summary>
internal static class SessionData
{
    public static JsonObject ReadSubscription(Params parameters)
    {
        if (parameters.Object("subscription_data") is not { } p)
        {
            return new JsonObject { ["metadata"] = new JsonObject(), ["billing_mode"] = "flexible" };
        }

        p.RefuseNotEmulated("application_fee_percent", "billing_cycle_anchor", "billing_cycle_anchor_config", "default_tax_rates", "on_behalf_of",
            "pending_invoice_item_interval", "transfer_data", "trial_end", "trial_period_days", "trial_settings");
        p.Accept("invoice_settings", "proration_behavior");
        var mode = p.Object("billing_mode");
        mode?.Accept("flexible");
        return new JsonObject
        {
            ["metadata"] = p.NewMetadata(),
            ["description"] = p.Text("description", 500),
            ["billing_mode"] = mode?.OneOf("type", "classic", "flexible") ?? "flexible",
        };
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
