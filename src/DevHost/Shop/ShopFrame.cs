using System.Text;
using System.Text.Encodings.Web;

namespace DevHost.Shop;

/// <summary>What every page of the shop has around it. The body is HTML: encode what comes from outside with <see cref="E"/>.</summary>
/// <param name="module">The script of the page; null: none.</param>
internal sealed class ShopFrame(string title, string body, string? module = null) : IResult
{
    public static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // The address may hold a session's id, which is nobody else's business.
        response.Headers["Referrer-Policy"] = "same-origin";
        // Scripts and styles from our own files only, so markup that somebody smuggles in runs nothing; calls to our own origin only. A
        // frontend of another origin than the service's names that one in connect-src.
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'";
        return response.WriteAsync(Html(), Encoding.UTF8, httpContext.RequestAborted);
    }

    private string Html() => $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{title} · Framewell</title>
          <link rel="icon" href="{ShopAssets.Url("icon.svg")}">
          <link rel="stylesheet" href="{ShopAssets.Url("shop.css")}">
          {(module is null ? "" : $"""<script type="module" src="{ShopAssets.Url(module)}"></script>""")}
        </head>
        <body>
        {body}
        </body>
        </html>

        """;
}
