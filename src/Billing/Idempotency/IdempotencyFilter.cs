using Billing.Api;
using Billing.Authentication;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Billing.Idempotency;

/// <summary>Runs an endpoint once for each key; see <see cref="IdempotentCalls.Idempotent{T}"/>.</summary>
internal sealed class IdempotencyFilter<T>(string operation) : IEndpointFilter where T : class
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (KeyHeader.Read(http.Request.Headers) is not { } key)
        {
            return await next(context);
        }

        var orgId = context.Arguments.OfType<Caller>().Single().OrgId;
        var keys = http.RequestServices.GetRequiredService<IdempotencyKeys>();
        var claim = await keys.ClaimAsync(orgId, key, FingerprintOf(context), http.RequestAborted);
        if (claim.Error is { } refused)
        {
            return new ErrorResult(refused);
        }
        return claim.Value switch
        {
            { Lease: { } lease } => await RunAsync(lease, context, next),
            { Stored: { } stored } => stored,
            _ => throw new InvalidOperationException("A claim is either a lease or an answer."),
        };
    }

    private byte[] FingerprintOf(EndpointFilterInvocationContext context)
    {
        var json = context.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var body = context.Arguments.OfType<Body<T>>().Single().Value;
        return Fingerprint.Of(operation, context.HttpContext.Request.RouteValues, body, json);
    }

    private static async Task<Answer> RunAsync(KeyLease lease, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        await using var held = lease;
        var answer = await Answer.OfAsync(await CallAsync(context, next), context.HttpContext);
        if (answer.IsStored)
        {
            await lease.CompleteAsync(answer);
        }
        else if (answer.IsRefusal)
        {
            lease.Forget();
        }
        return answer;
    }

    private static async Task<IResult> CallAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return (IResult)(await next(context))!;
        }
        catch (ApiException refused)
        {
            return new ErrorResult(refused.Error);
        }
    }
}
