using Billing.Api;
using Billing.Authentication;

namespace Billing.Tokens;

internal static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder billing) => billing.MapPost("/tokens", MintAsync)
        .Requires(Role.Service)
        .Validates<TokenRequest>()
        .WithName("createToken").WithTags("Tokens").WithSummary("Make a short-lived token for an org's frontend")
        .WithDescription("For a page that calls the API itself: the SaaS's backend makes a token for the user's org and role, and the page sends it in place of a key.")
        .WithRequestExample("owner", new TokenRequest { Org = "acme", Role = TokenRole.Owner, ExpiresIn = 900 })
        .Produces<TokenResponse>()
        .WithAnswerExample("token", new TokenResponse("eyJhbGciOiJIUzI1NiJ9...", new(2026, 11, 21, 9, 45, 0, TimeSpan.Zero)))
        .ProducesErrors(400, 401, 403, 404, 413, 415, 503);

    private static async Task<IResult> MintAsync(Body<TokenRequest> body, BrowserTokens tokens, CancellationToken cancellationToken) =>
        (await tokens.MintAsync(body.Value, cancellationToken)).ToHttp(token => token);
}
