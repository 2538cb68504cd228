using System.Text.Json;
using Billing.Authentication;

namespace DevHost;

/// <summary>The org that the guide plays with, and a key for every role.</summary>
internal static class DemoOrg
{
    public const string Id = "demo";

    /// <summary>Makes the keys that are missing; one that the database does not know (any more) is made anew.</summary>
    public static async Task EnsureKeysAsync(ApiKeys keys, KeptState kept, CancellationToken cancellationToken)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());
            if (!kept.Keys.TryGetValue(name, out var key) || await keys.FindAsync(key, cancellationToken) is null)
            {
                kept.Keys[name] = await keys.CreateAsync(role, role < Role.Service ? Id : null, "DevHost " + name, cancellationToken);
            }
        }
    }
}
