using Microsoft.AspNetCore.Http.HttpResults;

namespace DevHost;

/// <summary>Where the buyer lands after the hosted page, as a SaaS's own pages would be.</summary>
internal static class DemoPages
{
    public const string PaidPath = "/demo/paid";
    public const string CancelledPath = "/demo/cancelled";

    public static void MapDemoPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        pages.MapGet(PaidPath, () => Page("Thank you", "The payment went through. GET /v1/billing/status shows the plan."));
        pages.MapGet(CancelledPath, () => Page("Nothing was bought", "The checkout page stays open until it expires."));
    }

    private static ContentHttpResult Page(string title, string text) => TypedResults.Text(
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
        <body><h1>{title}</h1><p>{text}</p></body>
        </html>
        """,
        "text/html; charset=utf-8");
}
