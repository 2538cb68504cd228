namespace Billing.Api;

/// <summary>
/// What tells browsers to make nothing of an answer but data. Pages (Swagger UI and DevHost's, for developers) need scripts and styles
/// and get <c>nosniff</c> only. <c>Strict-Transport-Security</c> belongs to whoever ends TLS: the proxy, which knows the domain's others.
/// </summary>
internal static class SecurityHeaders
{
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // At the start of the response, as the exception handler clears what was set before.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            if (context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true)
            {
                headers.CacheControl = "no-store";
                headers["Referrer-Policy"] = "no-referrer";
                headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            }
            return Task.CompletedTask;
        });
        return next(context);
    });
}
