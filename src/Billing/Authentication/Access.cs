using Billing.Tokens;
using Microsoft.AspNetCore.Authentication;

namespace Billing.Authentication;

/// <summary>Who may call what: a policy per role, meaning that role or a higher one.</summary>
internal static class Access
{
    public static IServiceCollection AddApiKeyAccess(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>().AddSingleton<TokenSigner>().AddSingleton<Credentials>();
        // Not AddAuthentication, which also brings data protection and its key files: nothing here needs them.
        services.AddAuthenticationCore(options => options.DefaultScheme = ApiKeyAuthentication.SchemeName).AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var role in Enum.GetValues<Role>())
        {
            authorization.AddPolicy(role.ToString(), policy => policy.RequireAuthenticatedUser().RequireAssertion(context =>
                context.Resource is HttpContext http && http.Features.Get<KeyHolder>()?.Role >= role));
        }
        return services;
    }

    /// <summary>Lets in <paramref name="role"/> and the roles above it.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Role role) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(role.ToString());
}
