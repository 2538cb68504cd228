using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api;

/// <summary>What a call says about its body. It only documents: whether the body is JSON is for <see cref="Body{T}"/> to find out.</summary>
internal static class JsonBodies
{
    private const string Any = "*/*";

    /// <summary>
    /// Declares a JSON body. Routing refuses the media types that are not declared, before anybody has looked at the key, so all are, and
    /// 401 and 403 come before 415.
    /// </summary>
    public static RouteHandlerBuilder TakesJson<T>(this RouteHandlerBuilder endpoint) where T : class =>
        endpoint.Accepts<T>(typeof(IMayBeLeftOut).IsAssignableFrom(typeof(T)), "application/json", Any);

    /// <summary>Takes what was only said to routing out of the contract.</summary>
    public static IServiceCollection AddJsonBodies(this IServiceCollection services) =>
        services.Configure<SwaggerGenOptions>(swagger => swagger.OperationFilter<JsonOnly>());

    private sealed class JsonOnly : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context) => operation.RequestBody?.Content?.Remove(Any);
    }
}
