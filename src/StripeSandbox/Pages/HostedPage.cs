using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace StripeSandbox.Pages;

/// <summary>
/// The frame of every hosted page: no script, nothing from elsewhere, kept by nobody, and the address told to nobody,
/// as it is a credential (FACTS F.5). The title and body are HTML: encode what comes from outside with <see cref="E"/>.
/// </summary>
/// <param name="formTarget">The origin that a form of the page may redirect to besides the sandbox itself; null: none.</param>
internal sealed class HostedPage(int status, string title, string body, string stylesheet, string? formTarget = null) : IResult
{
    /// <summary>The text as HTML shows it, in elements and in quoted attributes.</summary>
    public static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");

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
            $"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {formTarget}".TrimEnd();
        return response.WriteAsync(Html(), Encoding.UTF8, httpContext.RequestAborted);
    }

    private string Html() => $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>{title} · Stripe sandbox</title>
          <link rel="stylesheet" href="{stylesheet}">
        </head>
        <body>
          <main>
            <p class="badge">SANDBOX. No real money moves here; use a test card.</p>
            {body}
          </main>
        </body>
        </html>

        """;
}
