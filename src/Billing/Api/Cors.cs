using Billing.Authentication;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace Billing.Api;

/// <summary>
/// Lets pages of the configured origins call the API from a browser, and read its errors too. Without credentials: a page shows a token in
/// <c>Authorization</c>, and we set no cookies. The webhook is not for browsers.
/// </summary>
internal static class Cors
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    public static IServiceCollection AddApiCors(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<BillingOptions>>((cors, billing) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. billing.Value.CorsOrigins])
            .WithMethods("GET", "POST", "PUT")
            .WithHeaders("Authorization", "Content-Type", "Idempotency-Key", Caller.OrgHeader, RequestIds.Header)
            .WithExposedHeaders(RequestIds.Header, "Retry-After", "Idempotent-Replayed")
            .SetPreflightMaxAge(PreflightAge)));
        return services;
    }

    /// <summary>By path and not by endpoint, so that a preflight and an answer without an endpoint (404, 405) get the headers too.</summary>
    public static IApplicationBuilder UseApiCors(this IApplicationBuilder app)
    {
        var billing = app.ApplicationServices.GetRequiredService<IOptions<BillingOptions>>();
        return app.UseWhen(
            context => context.Request.Path is var path && path.StartsWithSegments("/v1/billing") && billing.Value.CorsOrigins.Count > 0
                && !path.StartsWithSegments("/v1/billing/webhook") && !path.StartsWithSegments("/v1/billing/webhooks"),
            api => api.UseCors());
    }
}
