using System.Threading.RateLimiting;
using Billing.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Billing.Api;

/// <summary>
/// How often one credential may call this host, reads and writes apart. Health checks, Stripe's webhooks and whoever shows no valid
/// credential are not counted here; wrong credentials are, in <see cref="Credentials"/>.
/// </summary>
internal static class RequestLimits
{
    public static IServiceCollection AddRequestLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<BillingOptions>, TimeProvider>((limiter, billing, time) =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (string, bool)>(
                context => Partition(context, billing.Value.RateLimits, time));
            limiter.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected));
        });
        return services;
    }

    private static RateLimitPartition<(string, bool)> Partition(HttpContext context, RateLimitOptions limits, TimeProvider time)
    {
        if (context.Features.Get<KeyHolder>() is not { } holder || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return RateLimitPartition.GetNoLimiter(("", false));
        }
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var limit = holder.Role >= Role.Service ? limits.Service : reads ? limits.Reads : limits.Writes;
        return RateLimitPartition.Get<(string, bool)>((holder.CountsAs, reads), _ => new MinuteLimiter(limit, time));
    }

    private static Task RefuseAsync(OnRejectedContext rejected)
    {
        rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        return new ErrorResult(ApiError.RateLimited(wait)).ExecuteAsync(rejected.HttpContext);
    }
}
