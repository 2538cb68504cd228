using System.Text.Json.Nodes;
using StripeSandbox.Portal;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Billing portal sessions. The address is a bearer credential; its pages are in <c>Portal/</c>.</summary>
internal static class PortalSessions
{
    public const string Type = "billing_portal.session";

    public static void Map(Operations operations) => operations.Post("/v1/billing_portal/sessions", Create);

    private static JsonObject Create(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("customer_account", "on_behalf_of");
        var customer = call.Named(Customers.Type, "customer") ?? throw p.Missing("customer");
        var configuration = call.Named(PortalConfigurations.Type, "configuration") ?? PortalConfigurations.Default(call.Tx);
        if (!configuration.Flag("active"))
        {
            throw StripeError.Refused("The portal configuration is inactive.", null, "configuration");
        }

        var returnUrl = p.Url("return_url") ?? configuration.TextOrNull("default_return_url");
        var flow = p.Object("flow_data") is { } data ? PortalFlow.Read(call, data, customer, configuration) : null;
        if (returnUrl is null && flow is null)
        {
            throw StripeError.Refused("`return_url` is required when no `default_return_url` is configured in the portal configuration.", "parameter_missing", "return_url");
        }

        var id = Ids.New("bps_1", 23);
        var session = call.Tx.Add(new JsonObject
        {
            ["id"] = id,
            ["object"] = Type,
            ["configuration"] = configuration.Id(),
            ["created"] = call.Now,
            ["customer"] = customer.Id(),
            ["flow"] = flow,
            ["livemode"] = false,
            ["locale"] = p.NonEmpty("locale", 10),
            ["return_url"] = returnUrl,
            ["url"] = null,
            ["_secret"] = Ids.New("test_", 40),
        }.WithNulls("customer_account", "on_behalf_of"));
        PortalLinks.Add(call.Tx, session);
        call.Tx.Emit("billing_portal.session.created", session);
        return session;
    }
}
