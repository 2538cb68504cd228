using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DevHost.Shop;
using Npgsql;

namespace DevHost;

/// <summary>What a newcomer, or a script, needs to know to start.</summary>
internal sealed record Guide
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string BillingUrl { get; init; }

    /// <summary>Null when Stripe's own test mode is used.</summary>
    public required string? SandboxUrl { get; init; }

    public required string DatabaseUrl { get; init; }

    public required string WebhookSecret { get; init; }

    public required string StripeApiKey { get; init; }

    public required string Org { get; init; }

    /// <summary>API keys by role, from owner to operator.</summary>
    public required IReadOnlyDictionary<string, string> Keys { get; init; }

    /// <summary>The service's configuration by environment variable.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>A connection string as psql takes it.</summary>
    public static string ToUrl(NpgsqlConnectionStringBuilder database)
    {
        var password = database.Password is { } secret ? ":" + Uri.EscapeDataString(secret) : "";
        return $"postgres://{Uri.EscapeDataString(database.Username!)}{password}@{database.Host}:{database.Port}/{database.Database}";
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>The same for a shell: <c>. .devdata/env</c>.</summary>
    public string ToShell()
    {
        string[] lines =
        [
            $"BILLING={Quoted($"{BillingUrl}/v1/billing")}",
            $"SANDBOX={Quoted(SandboxUrl ?? "")}",
            $"DATABASE_URL={Quoted(DatabaseUrl)}",
            $"STRIPE_API_KEY={Quoted(StripeApiKey)}",
            $"WEBHOOK_SECRET={Quoted(WebhookSecret)}",
            .. Keys.Select(key => $"{key.Key.ToUpperInvariant()}_KEY={Quoted(key.Value)}"),
        ];
        return string.Join('\n', lines) + "\n";
    }

    /// <param name="dataFolder">Where the same is for a shell; null: nowhere.</param>
    public string ToText(string? dataFolder) =>
        $"""

        Billing is up.

          service   {BillingUrl}/v1/billing   (Swagger UI: {BillingUrl}/swagger)
          shop      {BillingUrl}{DemoShop.Path}   (a demo: buy by clicking, and see the calls)
          Stripe    {SandboxUrl ?? "Stripe's own test mode"}   (API key: {StripeApiKey}, webhook secret: {WebhookSecret})
        {(SandboxUrl is null ? "" : $"            {SandboxUrl}/_sandbox moves its clock and shows its events\n")}  database  {DatabaseUrl}
          org       {Org}
          keys      {string.Join("\n            ", Keys.Select(key => $"{key.Key,-9} {key.Value}"))}
        {(dataFolder is null ? "" : $"\nIn a shell, '. {Path.Combine(dataFolder, "env")}' sets them as variables.\n")}
        Buy the pro plan for org '{Org}':

          curl -s {BillingUrl}/v1/billing/checkout -H "Authorization: Bearer {Keys["owner"]}" \
            -H "Content-Type: application/json" -d '{"{"}"plan":"pro"{"}"}'

        Open the url of the answer, pay with card 4242 4242 4242 4242, any date and CVC; then

          curl -s {BillingUrl}/v1/billing/status -H "Authorization: Bearer {Keys["owner"]}"

        Ctrl+C stops everything.

        """;

    private string ToSettings() => string.Concat(Settings.Select(setting => $"{setting.Key}={Quoted(setting.Value)}\n"));

    /// <summary>As a shell takes it for this text and nothing else.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Writes the data folder's files for shells and, last, the ready file: who sees it may rely on everything else.</summary>
    public void WriteFiles(DevHostOptions options)
    {
        if (options.InDataFolder("env") is { } env)
        {
            PrivateFile.Write(env, ToShell());
        }
        if (options.InDataFolder("settings") is { } settings)
        {
            PrivateFile.Write(settings, ToSettings());
        }
        if (options.ReadyFile is { } file)
        {
            PrivateFile.Write(file, ToJson());
        }
    }
}
