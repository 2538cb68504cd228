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
        // Both the wait for another process and a migration of a large table may take long.
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await db.Database.OpenConnectionAsync(cancellationToken);
        // Held by the session, so a process that dies gives it back.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            await db.Database.MigrateAsync(cancellationToken);
            return pending;
        }
        finally
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }
}
