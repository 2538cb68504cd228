using System.Text.Json.Nodes;

namespace StripeSandbox.State;

/// <summary>
/// An event's <c>previous_attributes</c>: the former values of what changed; of nested objects only the changed
/// leaves, of arrays all, as Stripe's event documentation has it.
/// </summary>
internal static class ObjectDiff
{
    public static JsonObject FormerValues(JsonObject before, JsonObject after)
    {
        var former = new JsonObject();
        foreach (var (name, now) in after)
        {
            var then = before[name];
            if (JsonNode.DeepEquals(then, now))
            {
                continue;
            }

            former[name] = then is JsonObject thenObject && now is JsonObject nowObject ? FormerValues(thenObject, nowObject) : then?.DeepClone();
        }
        foreach (var (name, then) in before)
        {
            if (!after.ContainsKey(name))
            {
                former[name] = then?.DeepClone();
            }
        }

        return former;
    }
}
