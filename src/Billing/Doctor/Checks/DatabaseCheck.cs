using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Doctor.Checks;

/// <summary>Whether the schema is there, this role may do enough and not too much, and what stands between.</summary>
internal sealed class DatabaseCheck(IDbContextFactory<BillingDb> databases, IOptions<DatabaseOptions> options, TimeProvider clock) : ICheck
{
    /// <summary>To these hosts only add (DESIGN rule 7 and docs/migrations.md).</summary>
    private static readonly string[] AppendOnly = ["audit", "credit_entries", "credit_movements"];

    public Source Source => Source.Database;

    public string Subject => "the schema";

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken); // one connection for all, and a refusal here is an outage
        var found = new List<Finding>();
        if (await ClockAsync(db, cancellationToken) is { } late)
        {
            found.Add(late);
        }
        if (await PoolerAsync(db, cancellationToken) is { } pooler)
        {
            found.Add(pooler);
        }
        var schema = await Schema.ReadAsync((NpgsqlConnection)db.Database.GetDbConnection(), cancellationToken);
        found.AddRange(schema.Missing > 0
            ? [FindingKinds.DatabaseMigrations.Found($"The database lacks {schema.Missing} migrations.")]
            : await RoleAsync(db, schema, cancellationToken));
        return found;
    }

    private async Task<Finding?> ClockAsync(BillingDb db, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow();
        var now = await db.Database.SqlQuery<DateTime>($"""SELECT clock_timestamp() AS "Value" """).SingleAsync(cancellationToken);
        var ahead = StripeClock.Distance(before, now, clock.GetUtcNow());
        return ahead.Duration() > ClockCheck.Drift
            ? FindingKinds.DatabaseClock.Found($"This machine's clock is {StripeClock.Text(ahead)} the database's.")
            : null;
    }

    /// <summary>A pooler gives its clients process ids of its own. One that gives each transaction another connection needs to know of prepared statements.</summary>
    private async Task<Finding?> PoolerAsync(BillingDb db, CancellationToken cancellationToken)
    {
        var process = await db.Database.SqlQuery<int>($"""SELECT pg_backend_pid() AS "Value" """).SingleAsync(cancellationToken);
        var prepares = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString).MaxAutoPrepare > 0;
        return prepares && ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID != process
            ? FindingKinds.DatabasePooler.Found("A connection pooler stands before the database, and statements are prepared.")
            : null;
    }

    private static async Task<IReadOnlyList<Finding>> RoleAsync(BillingDb db, Schema schema, CancellationToken cancellationToken)
    {
        if (await db.Database.SqlQuery<bool>($"""SELECT rolsuper AS "Value" FROM pg_roles WHERE rolname = current_user""").SingleAsync(cancellationToken))
        {
            return [FindingKinds.DatabaseSuperuser.Found("The database role is a superuser: a fault in the service could change anything.")];
        }
        if (!schema.IsUsable)
        {
            return [FindingKinds.DatabaseGrants.Found("The database role may not use all tables.")];
        }
        var changeable = await db.Database.SqlQuery<string>(
            $"""SELECT name AS "Value" FROM unnest({AppendOnly}) AS name WHERE has_table_privilege(name, 'UPDATE, DELETE, TRUNCATE') ORDER BY name""")
            .ToListAsync(cancellationToken);
        return changeable.Count == 0 ? [] : [FindingKinds.DatabaseRole.Found($"The database role may change or delete rows of {string.Join(", ", changeable)}.")];
    }
}
