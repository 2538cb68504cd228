using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Webhook endpoints. The signing secret is shown once, in the answer to the creation.</summary>
internal static class WebhookEndpoints
{
    public const string Type = "webhook_endpoint";

    private const int MaxEndpoints = 16;

    public static void Map(Operations operations) => operations
        .Post("/v1/webhook_endpoints", Create)
        .Get("/v1/webhook_endpoints", call => call.Page(call.Tx.NewestFirst(Type)))
        .Get("/v1/webhook_endpoints/{webhook_endpoint}", call => call.Subject(Type, "webhook_endpoint"))
        .Post("/v1/webhook_endpoints/{webhook_endpoint}", Update)
        .Delete("/v1/webhook_endpoints/{webhook_endpoint}", Delete);

    private static JsonObject Create(Call call)
    {
        var p = call.Params;
        if (call.Tx.NewestFirst(Type).Count() >= MaxEndpoints)
        {
            throw StripeError.Refused($"You have reached the maximum of {MaxEndpoints} test webhook endpoints.");
        }

        if (p.Flag("connect") == true)
        {
            throw StripeError.NotEmulated("connect");
        }

        var secret = Ids.New("whsec_", 32);
        var endpoint = call.Tx.Add(new JsonObject
        {
            ["id"] = Ids.New("we_1", 23),
            ["object"] = Type,
            ["api_version"] = p.NonEmpty("api_version", 40),
            ["application"] = null,
            ["created"] = call.Now,
            ["description"] = p.Text("description"),
            ["enabled_events"] = ReadEvents(p) ?? throw p.Missing("enabled_events"),
            ["livemode"] = false,
            ["metadata"] = p.NewMetadata(),
            ["status"] = "enabled",
            ["url"] = p.Url("url") ?? throw p.Missing("url"),
            ["_secret"] = secret,
        });
        var answer = endpoint.Clone();
        answer["secret"] = secret;
        return answer;
    }

    private static JsonObject Update(Call call)
    {
        var p = call.Params;
        var endpoint = call.Tx.Edit(call.Subject(Type, "webhook_endpoint"));
        p.CopyTexts(endpoint, 5000, "description");
        if (p.Has("url"))
        {
            endpoint["url"] = p.Url("url") ?? throw p.Missing("url");
        }

        if (p.Flag("disabled") is { } disabled)
        {
            endpoint["status"] = disabled ? "disabled" : "enabled";
        }

        if (ReadEvents(p) is { } events)
        {
            endpoint["enabled_events"] = events;
        }

        p.MergeMetadata(endpoint.Object("metadata"));
        return endpoint;
    }

    private static JsonObject Delete(Call call)
    {
        var id = call.Subject(Type, "webhook_endpoint").Id();
        call.Tx.Remove(id);
        return new JsonObject { ["id"] = id, ["object"] = Type, ["deleted"] = true };
    }

    private static JsonArray? ReadEvents(Params p)
    {
        if (!p.Has("enabled_events"))
        {
            return null;
        }

        var events = p.Texts("enabled_events");
        if (events.Count == 0)
        {
            throw StripeError.BadParameter("You must specify at least one event.", "enabled_events", "parameter_invalid_empty");
        }

        return new JsonArray([.. events.Select(name => JsonValue.Create(name))]);
    }
}
