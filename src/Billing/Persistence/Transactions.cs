using Billing.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Billing.Persistence;

/// <summary>One transaction on a fresh context, tried again when another one was in its way.</summary>
internal static class Transactions
{
    private const int Attempts = 5;

    /// <summary>
    /// Runs <paramref name="work"/>, saves and commits. On a deadlock or serialisation failure (40P01, 40001) all of it runs again,
    /// at most 5 times in all, so <paramref name="work"/> must have no effect outside the context.
    /// </summary>
    public static Task<T> TransactAsync<T>(
        this IDbContextFactory<BillingDb> databases, Func<BillingDb, Task<T>> work, CancellationToken cancellationToken) =>
        databases.BeginAsync(async (db, transaction) =>
        {
            var result = await work(db);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }, cancellationToken);

    /// <summary>The same for <paramref name="work"/> that saves and commits itself; what it did not commit is undone.</summary>
    public static Task<T> BeginAsync<T>(
        this IDbContextFactory<BillingDb> databases, Func<BillingDb, IDbContextTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        databases.AttemptAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            return await work(db, transaction);
        }, cancellationToken);

    /// <summary>
    /// The same for <paramref name="work"/> whose first batch says BEGIN and whose last says COMMIT: the database answers a BEGIN of its own at once,
    /// and wakes this host for that.
    /// </summary>
    public static Task<T> ConnectAsync<T>(
        this IDbContextFactory<BillingDb> databases, Func<BillingDb, Task<T>> work, CancellationToken cancellationToken) =>
        databases.AttemptAsync(async db =>
        {
            db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never; // it does not know that there is one
            await db.Database.OpenConnectionAsync(cancellationToken);
            return await work(db);
        }, cancellationToken);

    private static async Task<T> AttemptAsync<T>(
        this IDbContextFactory<BillingDb> databases, Func<BillingDb, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                var result = await work(db);
                LedgerMetrics.Count(db);
                return result;
            }
            catch (Exception conflict) when (attempt < Attempts && DatabaseErrors.IsConflict(conflict))
            {
                await Task.Delay(Random.Shared.Next(5, 20 * attempt), cancellationToken);
            }
        }
    }

    /// <summary>Locks the org's row until the transaction ends. Rows of several orgs are locked in id order (DESIGN rule 10).</summary>
    public static Task<Org?> LockOrgAsync(this BillingDb db, string orgId, CancellationToken cancellationToken) =>
        db.Orgs.FromSql($"SELECT * FROM orgs WHERE id = {orgId} FOR UPDATE").SingleOrDefaultAsync(cancellationToken);
}
