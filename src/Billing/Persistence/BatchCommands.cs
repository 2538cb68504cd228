using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Persistence;

/// <summary>Commands that travel together in one round trip.</summary>
internal static class BatchCommands
{
    /// <summary>
    /// Says that all that comes after it in the transaction, or else in the batch, finds rows by keys: one plan serves a key as well as a hundred,
    /// so that none is made for each time, and is not to be one that was made when a table was small enough to be read whole.
    /// </summary>
    public static NpgsqlBatchCommand OnlyLookUps() =>
        New("SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)");

    /// <summary>Commands on the context's connection, which is open, and in its transaction if there is one.</summary>
    public static NpgsqlBatch NewBatch(this BillingDb db) => new((NpgsqlConnection)db.Database.GetDbConnection());

    /// <param name="sql">With parameters $1, $2, ...</param>
    /// <param name="values">In that order.</param>
    public static NpgsqlBatchCommand New(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        return command;
    }
}
