using Npgsql;

namespace Billing.Tests.World;

/// <summary>What a migrated database is like before it is used, and how a used one becomes that again.</summary>
internal sealed class EmptyDatabase
{
    /// <summary>
    /// Columns, constraints, indexes, triggers, applied migrations, and whether there are statistics, which change plans.
    /// Copies of a template have its object ids.
    /// </summary>
    private const string Schema =
        """
        SELECT md5(concat_ws(E'\n',
            (SELECT string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull), ',' ORDER BY attrelid, attnum)
             FROM pg_attribute WHERE attrelid >= 16384),
            (SELECT string_agg(concat_ws(' ', oid, relname, reloptions), ',' ORDER BY oid) FROM pg_class WHERE oid >= 16384),
            (SELECT string_agg(concat_ws(' ', oid, conname), ',' ORDER BY oid) FROM pg_constraint WHERE oid >= 16384),
            (SELECT string_agg(concat_ws(' ', oid, tgname, tgenabled), ',' ORDER BY oid) FROM pg_trigger WHERE oid >= 16384),
            (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384),
            (SELECT string_agg("MigrationId", ',' ORDER BY 1) FROM "__EFMigrationsHistory")))
        """;

    private readonly string _schema;
    private readonly string _deleteAll;

    private EmptyDatabase(string schema, string deleteAll) => (_schema, _deleteAll) = (schema, deleteAll);

    public static async Task<EmptyDatabase> LookAtAsync(string connectionString)
    {
        var schema = await ReadAsync(connectionString, Schema);
        // One statement: foreign keys are checked at its end.
        var deleteAll = await ReadAsync(connectionString,
            """
            SELECT 'WITH ' || string_agg(format('%1$I AS (DELETE FROM %1$I)', relname), ', ') || ' SELECT'
            FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '__EFMigrationsHistory'
            """);
        return new EmptyDatabase(schema, deleteAll);
    }

    /// <summary>Deletes all rows; false if the database is not like the first one otherwise.</summary>
    public async Task<bool> RestoreAsync(string connectionString)
    {
        if (await ReadAsync(connectionString, Schema) != _schema)
        {
            return false;
        }
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(_deleteAll, connection);
        await command.ExecuteNonQueryAsync();
        return true;
    }

    private static async Task<string> ReadAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
