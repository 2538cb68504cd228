using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Postal addresses as customers carry them; fields not given are null.</summary>
internal static class Address
{
    public static JsonObject Empty => new JsonObject().WithNulls("city", "country", "line1", "line2", "postal_code", "state");

    public static JsonObject? Read(Params? p)
    {
        if (p is null)
        {
            return null;
        }

        var address = Empty;
        p.CopyTexts(address, 5000, "city", "country", "line1", "line2", "postal_code", "state");
        return address;
    }

    public static JsonObject? ReadShipping(Params? p) => p is null ? null : new JsonObject
    {
        ["address"] = Read(p.Object("address") ?? throw p.Missing("address")),
        ["name"] = p.Required("name"),
        ["phone"] = p.Text("phone", 20),
    };
}
