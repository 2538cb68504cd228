using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Persistence;

/// <summary>Commands that travel together in one round trip.</summary>
internal static class BatchCommands
{
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
