using System.Text.Json.Nodes;
using Billing.Api;
using Billing.Telemetry;
using Microsoft.AspNetCore.Mvc;

namespace Billing.Webhooks;

internal static partial class WebhookEndpoints
{
    /// <summary>Stripe's events are mostly under 100 kB; an invoice with very many lines can pass 1 MB (FACTS F.5).</summary>
    private const int MaxBodyBytes = 2 * 1024 * 1024;

    private static object ExampleEvent => new
    {
        Id = "evt_1QAbCdEfGh",
        Object = "event",
        Type = "invoice.paid",
        Created = 1763717400,
        Livemode = false,
        Data = new { Object = new { Id = "in_1QAbCdEfGh", Object = "invoice" } },
    };

    public static void MapWebhooks(this RouteGroupBuilder billing)
    {
        billing.MapPost("/webhook", ReceiveAsync).Describe("receiveStripeEvent").WithDescription("""
            200 once the event is stored durably, however often it is sent; what it changes follows at once. 503 asks Stripe to send it again. The
            signature is the credential: no key is needed.
            """);
        billing.MapPost("/webhooks", ReceiveAsync).Describe("receiveStripeEventPlural").SameAs("POST /v1/billing/webhook");
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation) => endpoint
        .AllowAnonymous()
        .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes), new LoggedByContent())
        .Accepts<JsonObject>("application/json")
        .TakesHeader("Stripe-Signature", "Proves that Stripe sent the body, byte for byte: `t=...,v1=...`. Within five minutes of `t`.")
        .WithRequestExample("event", ExampleEvent)
        .WithName(operation).WithTags("Webhooks").WithSummary("Take in an event that Stripe signed")
        .Produces<WebhookResponse>()
        .WithAnswerExample("stored", new WebhookResponse(Received: true))
        .ProducesErrors(400, 413, 415, 503);

    private static async Task<IResult> ReceiveAsync(HttpContext context, WebhookSignature signature, EventInbox inbox, ILogger<EventInbox> log)
    {
        var header = context.Request.Headers["Stripe-Signature"].ToString();
        if (header.Length == 0)
        {
            return new ErrorResult(ApiError.BadRequest("The Stripe-Signature header is missing."));
        }
        // Not the request's token anywhere: an event that arrived in full is taken in even if its sender hangs up.
        var body = await ReadAsync(context.Request, log, CancellationToken.None);
        if (signature.Verify(body, header) is not { } e)
        {
            return new ErrorResult(ApiError.BadRequest("The signature does not verify."));
        }
        await inbox.ReceiveAsync(e);
        return new JsonAnswer(new WebhookResponse(Received: true));
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, ILogger log, CancellationToken cancellationToken)
    {
        // What is announced need not come: more than this only grows as it arrives.
        using var buffer = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, 64 * 1024));
        try
        {
            await request.Body.CopyToAsync(buffer, cancellationToken);
            return buffer.Capacity == buffer.Length ? buffer.GetBuffer() : buffer.ToArray();
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // Stripe goes on sending it for days and then gives up: somebody must know (DESIGN section 6).
            LogTooLarge(log, request.ContentLength, MaxBodyBytes);
            EventMetrics.CountRefused("too_large");
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "A webhook of {Bytes} bytes (none: not announced) is over the limit of {Limit} and is refused; if Stripe sent it, its event is missing here")]
    private static partial void LogTooLarge(ILogger log, long? bytes, int limit);
}

/// <param name="Received">Always true: the event is stored durably.</param>
internal sealed record WebhookResponse(bool Received);
