using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StripeSandbox.Protocol;

/// <summary>How JSON leaves the sandbox. Stripe indents its answers and webhook bodies by two spaces.</summary>
internal static class JsonOutput
{
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true, NewLine = "\n" };

    public static string Pretty(JsonNode json) => json.ToJsonString(Indented);

    public static byte[] PrettyBytes(JsonNode json) => Encoding.UTF8.GetBytes(Pretty(json));
}
