using Npgsql;

namespace Billing.Persistence;

/// <summary>Commands that travel together in one round trip.</summary>
internal static class BatchCommands
{
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
