using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DevHost.Shop;

/// <summary>
/// The backend part that every SaaS needs: it hands the signed-in visitor a token, and spends credits when they use the product. Both are
/// decided here, from what the session says, never from what the page sends.
/// </summary>
internal sealed class ShopBackend(Visitors visitors, BillingCalls billing)
{
    /// <summary>What a render costs in credits, by its size.</summary>
    public static readonly IReadOnlyDictionary<string, int> Prices = new Dictionary<string, int> { ["still"] = 50, ["film"] = 800 };

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/token", TokenAsync);
        api.MapPost("/renders", RenderAsync);
        api.MapGet("/calls", Calls);
    }

    // As short-lived as the service makes it: it cannot be taken back, and the page asks for another one whenever it is refused.
    private async Task<IResult> TokenAsync(HttpRequest request, CancellationToken cancellationToken) =>
        visitors.Of(request) is { } visitor
            ? await billing.SendAsync(
                visitor, HttpMethod.Post, "/tokens", new JsonObject { ["org"] = visitor.Org, ["role"] = visitor.Role }, [], cancellationToken)
            : NotSignedIn();

    /// <summary>
    /// Renders, for credits. The page names the work, so that it can ask again when no answer came, and the name is the debit's key: the
    /// same work is paid once. What it costs is no business of the page's.
    /// </summary>
    private async Task<IResult> RenderAsync(RenderRequest render, HttpRequest request, CancellationToken cancellationToken)
    {
        if (visitors.Of(request) is not { } visitor)
        {
            return NotSignedIn();
        }
        if (!Prices.TryGetValue(render.Size, out var price))
        {
            return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        }
        return await billing.SendAsync(
            visitor,
            HttpMethod.Post,
            "/credits/debit",
            new JsonObject { ["amount"] = price, ["reason"] = $"render {render.Size}" },
            new() { ["Billing-Org"] = visitor.Org, ["Idempotency-Key"] = $"render-{render.Id:N}" },
            cancellationToken);
    }

    private IResult Calls(HttpRequest request) => visitors.Of(request) is { } visitor ? TypedResults.Ok(visitor.Calls.Take()) : NotSignedIn();

    private static StatusCodeHttpResult NotSignedIn() => TypedResults.StatusCode(StatusCodes.Status401Unauthorized);

    internal sealed record RenderRequest(Guid Id, string Size);
}
