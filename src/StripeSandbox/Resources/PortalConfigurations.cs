using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>What the billing portal allows. Test mode has a default one, made when it is first needed.</summary>
internal static class PortalConfigurations
{
    public const string Type = "billing_portal.configuration";

    public static void Map(Operations operations) => operations
        .Post("/v1/billing_portal/configurations", Create)
        .Get("/v1/billing_portal/configurations", List)
        .Get("/v1/billing_portal/configurations/{configuration}", call => call.Subject(Type, "configuration"))
        .Post("/v1/billing_portal/configurations/{configuration}", Update);

    public static JsonObject Default(Transaction tx)
    {
        if (tx.NewestFirst(Type).FirstOrDefault(json => json.Flag("is_default")) is { } existing)
        {
            return existing;
        }

        var made = tx.Add(New(tx, isDefault: true));
        foreach (var feature in (string[])["customer_update", "invoice_history", "payment_method_update", "subscription_cancel"])
        {
            made.Object("features").Object(feature)["enabled"] = true;
        }

        made.Object("features").Object("customer_update")["allowed_updates"] = new JsonArray("email", "tax_id");
        return made;
    }

    private static JsonObject Create(Call call)
    {
        var features = call.Params.Object("features") ?? throw call.Params.Missing("features");
        var configuration = New(call.Tx, isDefault: false);
        Apply(call, configuration, features);
        call.Tx.Add(configuration);
        call.Tx.Emit("billing_portal.configuration.created", configuration);
        return configuration;
    }

    private static JsonObject Update(Call call) => call.Tx.Change("billing_portal.configuration.updated", call.Subject(Type, "configuration"), configuration =>
    {
        if (call.Params.Flag("active") is { } active)
        {
            if (!active && configuration.Flag("is_default"))
            {
                throw StripeError.Refused("The default configuration cannot be deactivated.", null, "active");
            }

            configuration["active"] = active;
        }
        Apply(call, configuration, call.Params.Object("features"));
        configuration["updated"] = call.Now;
    });

    private static void Apply(Call call, JsonObject configuration, Params? features)
    {
        var p = call.Params;
        if (features is not null)
        {
            PortalFeatures.Apply(call, features, configuration.Object("features"));
        }

        if (p.Has("default_return_url"))
        {
            configuration["default_return_url"] = p.Url("default_return_url");
        }

        p.CopyTexts(configuration, 5000, "name");
        p.MergeMetadata(configuration.Object("metadata"));
        if (p.Object("login_page") is { } login && login.Flag("enabled") == true)
        {
            throw StripeError.NotEmulated("login_page[enabled]");
        }

        if (p.Object("business_profile") is not { } profile)
        {
            return;
        }

        var target = configuration.Object("business_profile");
        profile.CopyTexts(target, 60, "headline");
        foreach (var name in (string[])["privacy_policy_url", "terms_of_service_url"])
        {
            if (profile.Has(name))
            {
                target[name] = profile.Url(name);
            }
        }
    }

    private static JsonObject List(Call call) => call.Page(call.Tx.NewestFirst(Type)
        .Where("active", call.Params.Flag("active")).Where("is_default", call.Params.Flag("is_default")));

    private static JsonObject New(Transaction tx, bool isDefault) => new JsonObject
    {
        ["id"] = Ids.New("bpc_1", 23),
        ["object"] = Type,
        ["active"] = true,
        ["business_profile"] = new JsonObject().WithNulls("headline", "privacy_policy_url", "terms_of_service_url"),
        ["created"] = tx.Now,
        ["features"] = PortalFeatures.AllDisabled(),
        ["is_default"] = isDefault,
        ["livemode"] = false,
        ["login_page"] = new JsonObject { ["enabled"] = false, ["url"] = null },
        ["metadata"] = new JsonObject(),
        ["updated"] = tx.Now,
    }.WithNulls("application", "default_return_url", "name");
}
