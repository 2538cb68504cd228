using System.Text.Json;
using Billing.Authentication;

namespace DevHost;

/// <summary>The org that the guide plays with, and a key for every role.</summary>
internal static class DemoOrg
{
    public const string Id = "demo";

    private static readonly Role[] Roles = [Role.Owner, Role.Admin, Role.Member, Role.Service, Role.Operator];

    /// <summary>A key by role. One that is missing, or that the database does not know (any more), is made anew.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> EnsureKeysAsync(ApiKeys keys, KeptState kept, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, string>();
        foreach (var role in Roles)
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());
            if (!kept.Keys.TryGetValue(name, out var key) || keys.HashOf(key) is not { } hash
                || await keys.FindAsync(hash, cancellationToken) is null)
            {
                (_, key) = await keys.CreateAsync(role, role < Role.Service ? Id : null, "DevHost " + name, cancellationToken);
            }
            kept.Keys[name] = all[name] = key;
        }
        return all;
    }
}
