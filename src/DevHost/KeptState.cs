using System.Security.Cryptography;
using System.Text.Json;

namespace DevHost;

/// <summary>
/// What must be the same in the next run: keys are shown once and then only hashes remain, and Stripe shows a signing secret once.
/// Development secrets only; the file is readable by its owner only all the same.
/// </summary>
internal sealed class KeptState
{
    public required string SigningKey { get; init; }

    /// <summary>The signing secret of our webhook endpoint, by the endpoint's id.</summary>
    public Dictionary<string, string> WebhookSecrets { get; init; } = [];

    /// <summary>API keys of the demo org by role.</summary>
    public Dictionary<string, string> Keys { get; init; } = [];

    /// <param name="file">Null: nothing is kept.</param>
    /// <exception cref="DevHostException">The file is damaged.</exception>
    public static KeptState Load(string? file)
    {
        if (!File.Exists(file))
        {
            return new KeptState { SigningKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        }
        try
        {
            return JsonSerializer.Deserialize<KeptState>(File.ReadAllText(file)) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException damage)
        {
            throw new DevHostException($"{file} is damaged: remove it, and new keys are made.", damage);
        }
    }

    public void Save(string? file)
    {
        if (file is not null)
        {
            PrivateFile.Write(file, JsonSerializer.Serialize(this));
        }
    }
}
