using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Benchmarks.Machine;

/// <summary>Keys to call with: many, as each has a limit of its own.</summary>
internal static class ServiceKeys
{
    /// <summary>Less than an address may show at once that a host that just started does not know yet.</summary>
    private const int Count = 48;

    public static async Task<IReadOnlyList<string>> CreateAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, Count).Select(_ => "bk_test_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))).ToList();
        foreach (var key in keys)
        {
            await using var insert = cluster.CreateCommand("INSERT INTO api_keys (id, hash, role, name, created_at) VALUES ($1, $2, 'service', 'bench', now())");
            insert.Parameters.Add(new NpgsqlParameter { Value = "key_" + Guid.NewGuid().ToString("N") });
            insert.Parameters.Add(new NpgsqlParameter { Value = SHA256.HashData(Encoding.UTF8.GetBytes(key)) });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        return keys;
    }
}
