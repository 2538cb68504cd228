using System.Security.Cryptography;
using System.Text.Json;

namespace DevHost;

/// <summary>
/// What must be the same in the next run: keys are shown once and then only hashes remain, and Stripe shows a signing secret once.
/// Development secrets only; the file is readable by its owner only all the same.
/// </summary>
internal sealed class KeptState
{
    private const string FileName = "state.json";

    public required string SigningKey { get; init; }

    /// <summary>The signing secret of our webhook endpoint, by the endpoint's id.</summary>
    public Dictionary<string, string> WebhookSecrets { get; init; } = [];

    /// <summary>API keys of the demo org by role.</summary>
    public Dictionary<string, string> Keys { get; init; } = [];

    public static KeptState Load(string? folder)
    {
        if (folder is not null && File.Exists(Path.Combine(folder, FileName)))
        {
            return JsonSerializer.Deserialize<KeptState>(File.ReadAllText(Path.Combine(folder, FileName)))!;
        }
        return new KeptState { SigningKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
    }

    public void Save(string? folder)
    {
        if (folder is not null)
        {
            PrivateFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));
        }
    }
}
