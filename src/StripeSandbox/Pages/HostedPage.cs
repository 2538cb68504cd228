using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace StripeSandbox.Pages;

/// <summary>
/// The frame of every page: nothing from elsewhere, nothing inline, kept by nobody, and the address told to nobody, as it is
/// a credential (FACTS F.5). The title and body are HTML: encode what comes from outside with <see cref="E"/>. The body begins
/// with the page's only <c>h1</c>.
/// </summary>
internal sealed class HostedPage(int status, string title, string body) : IResult
{
    /// <summary>The origin that a form of the page may redirect to besides the sandbox itself; null: none.</summary>
    public string? FormTarget { get; init; }

    /// <summary>Above the body: links that lead away, as HTML.</summary>
    public string Bar { get; init; } = "";

    /// <summary>For pages with columns or wide tables.</summary>
    public bool IsWide { get; init; }

    /// <summary>The text as HTML shows it, in elements and in quoted attributes.</summary>
    public static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    /// <summary>A link back to the shop, named by its host, since its address is all that is known of it.</summary>
    public static string BackTo(string url, string verb) =>
        $"""<a class="back" href="{E(url)}"><span aria-hidden="true">← </span>{E(verb)} {E(new Uri(url).IdnHost)}</a>""";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.XContentTypeOptions = "nosniff";
        // Browsers hold form-action against the redirect that follows the form, too: it names the shop.
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            + $"form-action 'self' {FormTarget}".TrimEnd();
        return response.WriteAsync(Html(), Encoding.UTF8, httpContext.RequestAborted);
    }

    private string Html() => $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{title} · Stripe sandbox</title>
          <link rel="icon" href="{PageAsset.Icon.Url}">
          <link rel="stylesheet" href="{PageAsset.Stylesheet.Url}">
          <script src="{PageAsset.Script.Url}" defer></script>
        </head>
        <body{(IsWide ? " class=\"wide\"" : "")}>
          <a class="skip" href="#main">Skip to content</a>
          <header>
            <p class="sandbox"><strong>SANDBOX</strong> No real money moves here; use a test card.</p>
            <div class="bar">{Bar}</div>
          </header>
          <main id="main">
            {body}
          </main>
          <footer><p>A local stand-in for Stripe, for development and tests. Nothing you enter reaches Stripe or a bank.</p></footer>
        </body>
        </html>

        """;
}
