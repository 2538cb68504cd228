using System.Globalization;

namespace Billing.Api;

/// <summary>Writes an <see cref="ApiError"/> in the one error shape.</summary>
internal sealed class ErrorResult(ApiError error) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer realm=\"billing\"";
        }

        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var body = ErrorResponse.Of(error, context.TraceIdentifier, time.GetUtcNow());
        await new JsonAnswer(body, error.Status).ExecuteAsync(context);
    }
}
