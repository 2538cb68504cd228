using System.Security.Claims;
using System.Text.Encodings.Web;
using Billing.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Billing.Authentication;

/// <summary><c>Authorization: Bearer &lt;api key or browser token&gt;</c>, answered in the one error shape.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, Credentials credentials)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "ApiKey";

    private ApiError _refusal = ApiError.Unauthenticated();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // A health check, or Stripe: a key that is sent along must not make it depend on the database.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return AuthenticateResult.NoResult();
        }
        const string bearer = "Bearer ";
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }
        var found = await credentials.IdentifyAsync(
            header[bearer.Length..].Trim(), Context.Connection.RemoteIpAddress, Context.RequestAborted);
        if (found.Error is { } refusal)
        {
            _refusal = refusal;
            return AuthenticateResult.Fail("No such key.");
        }
        var identity = new ClaimsIdentity(SchemeName);
        Context.Features.Set(found.Value);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => new ErrorResult(_refusal).ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        new ErrorResult(ApiError.Forbidden("This key's role does not allow the call.")).ExecuteAsync(Context);
}
