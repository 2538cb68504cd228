namespace DevHost.Shop;

/// <summary>
/// Keeps other sites' pages from acting with the visitor's cookie. The cookie's SameSite is not enough: it looks at the site, and to it every
/// port of this machine is the same one. So whatever changes something must come from a page of this very origin, which browsers tell.
/// </summary>
internal static class SameOrigin
{
    public static async ValueTask<object?> RefuseOthersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsSafe(context.HttpContext.Request) || IsOurs(context.HttpContext.Request)
            ? await next(context)
            : TypedResults.StatusCode(StatusCodes.Status403Forbidden);

    private static bool IsSafe(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    // Older browsers send only Origin, which a page's referrer policy can turn into "null"; programs other than browsers send neither.
    private static bool IsOurs(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is [{ } site] ? site == "same-origin"
        : request.Headers.Origin is not [{ } origin] || origin == $"{request.Scheme}://{request.Host}";
}
