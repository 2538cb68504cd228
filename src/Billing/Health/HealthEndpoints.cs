using Billing.Api;

namespace Billing.Health;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work (<see cref="Readiness"/>).</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().ExcludeFromDescription();
        health.MapGet("/live", () => new JsonAnswer(new HealthResponse("live", null)));
        health.MapGet("/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, CancellationToken cancellationToken) =>
        await readiness.FindReasonAsync(cancellationToken) is { } reason
            ? new JsonAnswer(new HealthResponse("not_ready", reason), StatusCodes.Status503ServiceUnavailable)
            : new JsonAnswer(new HealthResponse("ready", null));
}

internal sealed record HealthResponse(string Status, string? Reason);
