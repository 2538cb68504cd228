using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Events, kept for 30 days as Stripe keeps them.</summary>
internal static class Events
{
    public const string Type = "event";

    private const long KeptSeconds = 30 * 24 * 60 * 60;
    private const int MaxTypes = 20;

    public static void Map(Operations operations) => operations
        .Get("/v1/events", List)
        .Get("/v1/events/{id}", Retrieve);

    public static bool IsStale(JsonObject json, long now) => json.Number("created") + KeptSeconds <= now;

    private static JsonObject Retrieve(Call call)
    {
        var json = call.Subject(Type, "id");
        return IsStale(json, call.Now) ? throw StripeError.NotFound(Type, json.Id()) : json;
    }

    private static JsonObject List(Call call)
    {
        var p = call.Params;
        p.Exclusive("type", "types");
        var type = p.NonEmpty("type");
        var types = p.Texts("types");
        if (types.Count > MaxTypes)
        {
            throw StripeError.BadParameter($"You may pass at most {MaxTypes} types.", "types");
        }

        var delivered = p.Flag("delivery_success");
        return call.Page(call.Tx.NewestFirst(Type).Where(json => !IsStale(json, call.Now))
            .Where(json => type is null || Matches(json.Text("type"), type)).Where(json => types.Count == 0 || types.Contains(json.Text("type")))
            .Where(json => delivered is null || json.Number("pending_webhooks") == 0 == delivered).WhereCreated(p));
    }

    // "invoice.*" is a group of types.
    private static bool Matches(string type, string wanted) =>
        wanted.EndsWith(".*", StringComparison.Ordinal) ? type.StartsWith(wanted[..^1], StringComparison.Ordinal) : type == wanted;
}
