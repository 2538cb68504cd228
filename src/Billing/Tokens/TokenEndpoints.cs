using Billing.Api;
using Billing.Authentication;

namespace Billing.Tokens;

internal static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder billing) => billing.MapPost("/tokens", MintAsync)
        .Requires(Role.Service)
        .Validates<TokenRequest>()
        .WithName("createToken").WithTags("Tokens").WithSummary("Make a short-lived token for an org's frontend")
        .Produces<TokenResponse>()
        .ProducesErrors(400, 401, 403, 404, 413, 415, 503);

    private static async Task<IResult> MintAsync(Body<TokenRequest> body, BrowserTokens tokens, CancellationToken cancellationToken) =>
        (await tokens.MintAsync(body.Value, cancellationToken)).ToHttp(token => token);
}
