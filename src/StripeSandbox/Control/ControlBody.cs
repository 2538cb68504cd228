using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Protocol;

namespace StripeSandbox.Control;

/// <summary>The JSON object that a control request carries; none is the empty one.</summary>
internal static class ControlBody
{
    public static async Task<JsonObject> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw NotAnObject();
        }
        catch (JsonException)
        {
            throw NotAnObject();
        }
    }

    private static StripeError NotAnObject() => StripeError.BadParameter("The body must be a JSON object.", "body");
}
