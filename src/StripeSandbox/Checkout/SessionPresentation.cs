using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>The parameters of a session that shape its page or stand for features without effect here: shown as given, or refused.</summary>
internal static class SessionPresentation
{
    public static void Apply(Params p, JsonObject session, bool isSubscription)
    {
        p.RefuseNotEmulated("after_expiration", "customer_account", "custom_fields", "excluded_payment_method_types", "managed_payments",
            "optional_items", "payment_method_configuration", "permissions", "redirect_on_completion", "return_url", "setup_intent_data",
            "shipping_address_collection", "shipping_options");
        RefuseOtherThan(p, "ui_mode", "hosted_page", "embedded_page", "elements", "form");
        if (p.Object("invoice_creation")?.Flag("enabled") == true)
        {
            throw StripeError.NotEmulated("invoice_creation");
        }

        p.Object("invoice_creation")?.Accept("invoice_data");
        p.Accept("branding_settings", "custom_text", "name_collection", "origin_context", "payment_method_data", "payment_method_options",
            "wallet_options", "integration_identifier");

        session["allow_promotion_codes"] = p.Flag("allow_promotion_codes");
        session["adaptive_pricing"] = new JsonObject { ["enabled"] = p.Object("adaptive_pricing")?.Flag("enabled") ?? false };
        session["automatic_tax"] = AutomaticTax(p);
        session["billing_address_collection"] = p.OneOf("billing_address_collection", "auto", "required");
        session["consent_collection"] = ConsentCollection(p);
        session["custom_fields"] = new JsonArray();
        session["custom_text"] = new JsonObject().WithNulls("after_submit", "shipping_address", "submit", "terms_of_service_acceptance");
        session["invoice_creation"] = isSubscription ? null : InvoiceCreation();
        session["locale"] = p.NonEmpty("locale", 10);
        session["payment_method_collection"] = p.OneOf("payment_method_collection", "always", "if_required") ?? (isSubscription ? "always" : "if_required");
        session["payment_method_options"] = new JsonObject { ["card"] = new JsonObject { ["request_three_d_secure"] = "automatic" } };
        session["phone_number_collection"] = new JsonObject { ["enabled"] = p.Object("phone_number_collection")?.Flag("enabled") ?? false };
        session["saved_payment_method_options"] = SavedMethods(p);
        session["shipping_options"] = new JsonArray();
        session["submit_type"] = p.OneOf("submit_type", "auto", "book", "donate", "pay", "subscribe");
        if (p.Object("tax_id_collection") is { } taxIds)
        {
            session["tax_id_collection"] = new JsonObject { ["enabled"] = taxIds.Flag("enabled") ?? false, ["required"] = taxIds.OneOf("required", "if_supported", "never") ?? "never" };
        }

        session.WithNulls("after_expiration", "client_secret", "collected_information", "consent", "currency_conversion", "customer_account",
            "discounts", "integration_identifier", "invoice", "managed_payments", "origin_context", "payment_intent", "payment_link",
            "payment_method_configuration_details", "permissions", "recovered_from", "setup_intent", "shipping_address_collection",
            "shipping_cost", "subscription", "url", "wallet_options");
    }

    private static void RefuseOtherThan(Params p, string name, string emulated, params string[] others)
    {
        if (p.OneOf(name, [emulated, .. others]) is { } value && value != emulated)
        {
            throw StripeError.NotEmulated($"{name}={value}");
        }
    }

    private static JsonObject AutomaticTax(Params p)
    {
        var tax = p.Object("automatic_tax");
        tax?.RefuseNotEmulated("liability");
        var enabled = tax?.Flag("enabled") ?? false;
        return new JsonObject { ["enabled"] = enabled, ["liability"] = null, ["provider"] = null, ["status"] = enabled ? "complete" : null };
    }

    private static JsonObject? ConsentCollection(Params p) => p.Object("consent_collection") is not { } consent ? null : new JsonObject
    {
        ["payment_method_reuse_agreement"] = consent.Object("payment_method_reuse_agreement") is { } agreement
            ? new JsonObject { ["position"] = agreement.OneOf("position", "auto", "hidden") } : null,
        ["promotions"] = consent.OneOf("promotions", "auto", "none"),
        ["terms_of_service"] = consent.OneOf("terms_of_service", "none", "required"),
    };

    private static JsonObject InvoiceCreation() => new()
    {
        ["enabled"] = false,
        ["invoice_data"] = new JsonObject { ["metadata"] = new JsonObject() }
            .WithNulls("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options"),
    };

    private static JsonObject SavedMethods(Params p)
    {
        p.Accept("saved_payment_method_options");
        return new JsonObject { ["allow_redisplay_filters"] = new JsonArray("always"), ["payment_method_remove"] = "disabled", ["payment_method_save"] = null };
    }
}
