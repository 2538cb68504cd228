using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

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
        health.MapGet("/live", () => TypedResults.Ok(new HealthResponse("live", null)));
        health.MapGet("/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(IDbContextFactory<BillingDb> databases, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        var reason = await FindReasonAsync(databases, bounded.Token);
        return reason is null
            ? TypedResults.Ok(new HealthResponse("ready", null))
            : TypedResults.Json(new HealthResponse("not_ready", reason), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<string?> FindReasonAsync(IDbContextFactory<BillingDb> databases, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var missing = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
            return missing > 0 ? $"The database lacks {missing} migrations; run 'billing migrate'."
                : await MayUseTablesAsync(db, cancellationToken) ? null
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

    /// <summary>Whether this role may read all tables and add to them.</summary>
    public static Task<bool> MayUseTablesAsync(BillingDb db, CancellationToken cancellationToken)
    {
        // As SQL names them; a table that is not there is an error.
        var tables = db.Model.GetEntityTypes().Select(entity => entity.GetTableName()!).ToArray();
        return db.Database.SqlQuery<bool>(
            $"""
            SELECT bool_and(has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT')) AS "Value" FROM unnest({tables}) AS name
            """).SingleAsync(cancellationToken);
    }
}

internal sealed record HealthResponse(string Status, string? Reason);
