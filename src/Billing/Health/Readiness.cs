using Billing.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Health;

/// <summary>
/// Whether the host can do its work: the database answers, has every migration that this build knows and lets this role at its tables; newer
/// migrations are fine, since old and new hosts run side by side (DESIGN rule 10). Being busy is no reason to be taken out, so it does not wait
/// for one of the connections that requests use.
/// </summary>
internal sealed class Readiness(IOptions<DatabaseOptions> options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly OwnConnection _own = new(options, "health");

    /// <summary>Why the host is not ready, or null if it is. Takes 3 s at most.</summary>
    public async Task<string?> FindReasonAsync(CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        try
        {
            await using var connection = new NpgsqlConnection(_own.String);
            await connection.OpenAsync(bounded.Token);
            var schema = await Schema.ReadAsync(connection, bounded.Token);
            return schema.Missing > 0 ? $"The database lacks {schema.Missing} migrations; run 'billing migrate'."
                : schema.IsUsable ? null
                : DatabaseErrors.SchemaAdvice;
        }
        catch (Exception failure) when (DatabaseErrors.IsSchemaUnusable(failure))
        {
            return DatabaseErrors.SchemaAdvice;
        }
        catch (Exception failure) when (DatabaseErrors.IsUnavailable(failure) || failure is OperationCanceledException)
        {
            return "The database cannot be reached.";
        }
    }

    public void Dispose() => _own.Dispose();
}
