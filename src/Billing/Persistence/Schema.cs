using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Billing.Persistence;

/// <summary>What of the schema is there, found in one round trip and without EF Core, which takes long to set up: a host that just started is ready soon.</summary>
/// <param name="Missing">How many of the migrations that this build knows were not applied; newer ones are fine (DESIGN rule 10).</param>
/// <param name="IsUsable">Whether this role may read all tables and add to them.</param>
internal sealed record Schema(int Missing, bool IsUsable)
{
    private static readonly string[] Migrations =
    [
        .. typeof(BillingDb).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>(),
    ];

    /// <summary>Of every set of <see cref="BillingDb"/>, named as <see cref="SnakeCaseNames"/> does.</summary>
    internal static readonly string[] Tables =
    [
        .. typeof(BillingDb).GetProperties().Where(set => set.PropertyType.IsGenericType && set.PropertyType.GetGenericTypeDefinition() == typeof(DbSet<>))
            .Select(set => JsonNamingPolicy.SnakeCaseLower.ConvertName(set.Name)),
    ];

    /// <param name="connection">Open.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <exception cref="PostgresException">There is no history of migrations, or the database is in trouble (<see cref="DatabaseErrors"/>).</exception>
    public static async Task<Schema> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var query = new NpgsqlCommand(
            """
            SELECT
                (SELECT count(*)::int FROM unnest($1) AS known WHERE NOT EXISTS (SELECT FROM "__EFMigrationsHistory" WHERE "MigrationId" = known)),
                (SELECT bool_and(coalesce(has_table_privilege(to_regclass(name), 'SELECT') AND has_table_privilege(to_regclass(name), 'INSERT'), false))
                    FROM unnest($2) AS name)
            """, connection)
        {
            Parameters = { new() { Value = Migrations }, new() { Value = Tables } },
        };
        await using var rows = await query.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return new Schema(rows.GetInt32(0), rows.GetBoolean(1));
    }
}
