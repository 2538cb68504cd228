using Billing.Api;
using Microsoft.AspNetCore.Mvc;

namespace Billing.Webhooks;

internal static class WebhookEndpoints
{
    /// <summary>Stripe's events are mostly under 100 kB; an invoice with very many lines can pass 1 MB (FACTS F.5).</summary>
    private const int MaxBodyBytes = 2 * 1024 * 1024;

    public static void MapWebhooks(this RouteGroupBuilder billing)
    {
        billing.MapPost("/webhook", ReceiveAsync).Describe("receiveStripeEvent");
        billing.MapPost("/webhooks", ReceiveAsync).Describe("receiveStripeEventPlural");
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation) => endpoint
        .AllowAnonymous()
        .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
        .Accepts<object>("application/json")
        .WithName(operation).WithTags("Webhooks").WithSummary("Take in an event that Stripe signed")
        .Produces<WebhookResponse>()
        .ProducesErrors(400, 413, 503);

    private static async Task<IResult> ReceiveAsync(HttpContext context, WebhookSignature signature, EventInbox inbox)
    {
        var body = await ReadAsync(context.Request);
        if (signature.Verify(body, context.Request.Headers["Stripe-Signature"].ToString()) is not { } e)
        {
            return new ErrorResult(ApiError.BadRequest("The signature does not verify."));
        }
        // Not the request's token: an event that we have in full is taken in even if the sender hangs up.
        await inbox.ReceiveAsync(e, body, CancellationToken.None);
        return TypedResults.Ok(new WebhookResponse(Received: true));
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, MaxBodyBytes));
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }
}

/// <param name="Received">Always true: the event is stored durably.</param>
internal sealed record WebhookResponse(bool Received);
