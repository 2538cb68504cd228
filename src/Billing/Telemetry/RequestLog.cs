using System.Diagnostics;
using Billing.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Billing.Telemetry;

/// <summary>
/// One line per request: no query, headers or bodies, which hold keys, signatures and session URLs. For those that come by the thousand and are
/// logged by what they brought (<see cref="LoggedByContent"/>), only if they fail.
/// </summary>
internal static partial class RequestLog
{
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Billing.Requests");
        return app.Use(async (context, next) =>
        {
            var started = Stopwatch.GetTimestamp();
            using var scope = log.BeginScope(new KeyValuePair<string, object>[] { new("RequestId", context.TraceIdentifier) });
            await next(context);
            // The exception handler takes the endpoint off the request.
            var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
            var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
            var holder = context.Features.Get<KeyHolder>();
            var level = context.Response.StatusCode >= 500 ? LogLevel.Warning
                : context.Response.StatusCode < 300 && endpoint?.Metadata.GetMetadata<LoggedByContent>() is not null ? LogLevel.Debug
                : LogLevel.Information;
            var org = context.Features.Get<Caller>()?.OrgId ?? holder?.OrgId ?? "-";
            LogRequest(
                log, level, context.Request.Method, route, context.Response.StatusCode, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1),
                org, holder?.KeyId ?? "-", context.TraceIdentifier);
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
            {
                Describe(span, context, route, org);
            }
        });
    }

    /// <summary>The framework leaves the span nameless. The names of the tags are OpenTelemetry's.</summary>
    private static void Describe(Activity span, HttpContext context, string route, string org)
    {
        span.DisplayName = $"{context.Request.Method} {route}";
        span.SetTag("http.request.method", context.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        span.SetTag("billing.org_id", org);
        span.SetTag("billing.request_id", context.TraceIdentifier);
        if (context.Response.StatusCode >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    [LoggerMessage(Message = "{Method} {Route} {StatusCode} in {ElapsedMs} ms, org {OrgId}, key {KeyId}, request {RequestId}")]
    private static partial void LogRequest(
        ILogger log, LogLevel level, string method, string route, int statusCode, double elapsedMs, string orgId, string keyId, string requestId);
}

/// <summary>Metadata of an endpoint that logs what a request brought, with the request's id, in a line of its own.</summary>
internal sealed class LoggedByContent;
