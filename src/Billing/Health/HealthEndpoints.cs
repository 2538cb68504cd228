using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the database answers and has every migration that this build knows;
/// newer ones are fine, since old and new hosts run side by side (DESIGN rule 10).
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
            return missing == 0 ? null : $"The database lacks {missing} migrations; run 'billing migrate'.";
        }
        catch (Exception failure) when (DatabaseErrors.IsUnavailable(failure) || failure is OperationCanceledException)
        {
            return "The database cannot be reached.";
        }
    }
}

internal sealed record HealthResponse(string Status, string? Reason);
