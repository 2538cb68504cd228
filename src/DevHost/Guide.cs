using System.Text.Json;

namespace DevHost;

/// <summary>What a newcomer, or a script, needs to know to start.</summary>
internal sealed record Guide
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string BillingUrl { get; init; }

    /// <summary>Null when Stripe's own test mode is used.</summary>
    public required string? SandboxUrl { get; init; }

    public required string DatabaseUrl { get; init; }

    public required string WebhookSecret { get; init; }

    public required string StripeApiKey { get; init; }

    public required string Org { get; init; }

    /// <summary>API keys by role.</summary>
    public required IReadOnlyDictionary<string, string> Keys { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The same for a shell: <c>. .devdata/env</c>.</summary>
    public string ToShell()
    {
        var lines = Keys.Select(key => $"{key.Key.ToUpperInvariant()}_KEY='{key.Value}'")
            .Prepend($"DATABASE_URL='{DatabaseUrl}'").Prepend($"SANDBOX='{SandboxUrl}'").Prepend($"BILLING='{BillingUrl}/v1/billing'");
        return string.Join('\n', lines) + "\n";
    }

    public string ToText() =>
        $"""

        Billing is up.

          service   {BillingUrl}/v1/billing   (Swagger UI: {BillingUrl}/swagger)
          Stripe    {SandboxUrl ?? "Stripe's own test mode"}
          database  {DatabaseUrl}
          org       {Org}
          keys      {string.Join("\n            ", Keys.Select(key => $"{key.Key,-9} {key.Value}"))}

        Buy the pro plan for org '{Org}':

          curl -s {BillingUrl}/v1/billing/checkout -H "Authorization: Bearer {Keys["owner"]}" \
            -H "Content-Type: application/json" -d '{"{"}"plan":"pro"{"}"}'

        Open the url of the answer, pay with card 4242 4242 4242 4242, any date and CVC; then

          curl -s {BillingUrl}/v1/billing/status -H "Authorization: Bearer {Keys["owner"]}"

        Ctrl+C stops everything.

        """;

    /// <summary>Writes the ready file, and into the data folder the same for scripts and shells.</summary>
    public void WriteFiles(DevHostOptions options)
    {
        if (options.ReadyFile is { } file)
        {
            PrivateFile.Write(file, ToJson());
        }
        if (options.DataFolder is { } folder)
        {
            PrivateFile.Write(Path.Combine(folder, "env"), ToShell());
        }
    }
}
