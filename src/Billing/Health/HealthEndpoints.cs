using Billing.Api;
using Billing.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the database answers, has every migration that this build knows and
/// lets this role at its tables; newer migrations are fine, since old and new hosts run side by side (DESIGN rule 10).
/// </summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().ExcludeFromDescription();
        health.MapGet("/live", () => new JsonAnswer(new HealthResponse("live", null)));
        health.MapGet("/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(IOptions<DatabaseOptions> options, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        var reason = await FindReasonAsync(options.Value, bounded.Token);
        return reason is null
            ? new JsonAnswer(new HealthResponse("ready", null))
            : new JsonAnswer(new HealthResponse("not_ready", reason), StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<string?> FindReasonAsync(DatabaseOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(options.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            var schema = await Schema.ReadAsync(connection, cancellationToken);
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
}

internal sealed record HealthResponse(string Status, string? Reason);
