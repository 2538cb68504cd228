using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevHost.Tests.World;

/// <summary>The ready file as a script reads it: by the names that DevHost promises.</summary>
internal sealed record ReadyFile(JsonObject Json)
{
    public string BillingUrl => Text("billing_url");

    public string SandboxUrl => Text("sandbox_url");

    public Uri DatabaseUrl => new(Text("database_url"));

    public string StripeApiKey => Text("stripe_api_key");

    public string Org => Text("org");

    public IReadOnlyDictionary<string, string> Keys => Json["keys"].Deserialize<Dictionary<string, string>>()!;

    private string Text(string name) => (string)Json[name]!;
}
