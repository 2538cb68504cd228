using Microsoft.AspNetCore.Http;

namespace StripeSandbox.Control;

/// <summary>
/// Keeps pages of other sites from controlling a sandbox on the visitor's machine. Browsers say where a request comes from; curl and tests,
/// which say nothing, are no danger to anybody.
/// </summary>
internal static class SameOrigin
{
    /// <summary>Refuses what would change something and comes from a page of another origin (403).</summary>
    public static async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        if (IsSafe(http.Request.Method) || !http.Request.Path.StartsWithSegments("/_sandbox") || IsOurs(http.Request))
        {
            await next(http);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        await http.Response.WriteAsync("Pages of another origin may not control the sandbox.\n", http.RequestAborted);
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // The page's own forms say Origin: null, as it sends no referrer; browsers that know Sec-Fetch-Site are asked by that.
    private static bool IsOurs(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is [{ } site] ? site is "same-origin" or "none"
        : request.Headers.Origin is not [{ } origin] || origin == $"{request.Scheme}://{request.Host}";
}
