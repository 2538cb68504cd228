using Microsoft.EntityFrameworkCore;

namespace Billing.Persistence;

/// <summary>Brings the schema up to date; hosts that start together wait for each other under an advisory lock (DESIGN rule 10).</summary>
internal static class Migrator
{
    /// <summary>Any fixed number that nothing else in this database uses: "billing" in ASCII.</summary>
    private const long LockKey = 0x62696c6c696e67;

    /// <returns>The names of the migrations applied, oldest first; empty when the schema was up to date.</returns>
    public static async Task<IReadOnlyList<string>> MigrateAsync(BillingDb db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            // Held by the session, so a process that dies gives it back.
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockKey})", cancellationToken);
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            await db.Database.MigrateAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockKey})", cancellationToken);
            return pending;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
