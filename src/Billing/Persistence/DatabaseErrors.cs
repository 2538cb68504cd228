using Npgsql;

namespace Billing.Persistence;

/// <summary>Tells the three kinds of database trouble apart: try again at once, come back later, and bad data.</summary>
internal static class DatabaseErrors
{
    /// <summary>Another transaction was in the way; the same work may succeed at once (DESIGN rule 10).</summary>
    public static bool IsConflict(Exception exception) =>
        exception is ConflictException || Find<PostgresException>(exception)?.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>What says a missing migration or grant, to people who can mend it.</summary>
    public const string SchemaAdvice =
        "The database's schema is missing, or this role may not use it: run 'billing migrate' as its owner, and grant the role what docs/migrations.md lists.";

    /// <summary>
    /// There is no such table, column or schema, or the role may not use it: nothing works before an operator has migrated or granted. Part
    /// of <see cref="IsUnavailable"/>, so that Stripe sends events again.
    /// </summary>
    public static bool IsSchemaUnusable(Exception exception) =>
        Find<PostgresException>(exception)?.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>Nobody has migrated it: the table that was asked for is not there.</summary>
    public static bool IsWithoutSchema(Exception exception) => Find<PostgresException>(exception)?.SqlState == PostgresErrorCodes.UndefinedTable;

    /// <summary>The database cannot be reached, is stopping, has no room or no usable schema: nobody's data is at fault.</summary>
    public static bool IsUnavailable(Exception exception)
    {
        if (Find<PostgresException>(exception) is not { } refused)
        {
            // Npgsql wraps what the network does. A bare SocketException or TimeoutException is somebody else's, such as Stripe's.
            return Find<NpgsqlException>(exception) is not null;
        }
        // 08 connection, 28 login, 53 out of resources, 55 not in the needed state, 57 stopping or starting, 58 system error;
        // 25006 read-only and 3D000 no such database are what a failover under way looks like.
        return refused.SqlState[..2] is "08" or "28" or "53" or "55" or "57" or "58" || refused.SqlState is "25006" or "3D000"
            || IsSchemaUnusable(exception) || IsConflict(exception);
    }

    /// <summary>What the database says is wrong, in one line.</summary>
    public static string Reason(Exception exception) => Find<PostgresException>(exception)?.MessageText ?? exception.GetBaseException().Message;

    private static T? Find<T>(Exception? exception) where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }
        return null;
    }
}

/// <summary>Another transaction was in the way, by what it wrote: the same work may succeed at once.</summary>
internal sealed class ConflictException(string message) : Exception(message);
