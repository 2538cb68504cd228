using System.Text;
using Microsoft.Extensions.Options;

namespace Billing.Webhooks;

/// <summary>Turns a delivery into an event, if one of our secrets signed exactly these bytes at most 300 s ago (FACTS C.2).</summary>
internal sealed partial class WebhookSignature(IOptions<StripeOptions> options, TimeProvider time, ILogger<WebhookSignature> log)
{
    private const int MaxHeaderLength = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>The event, or null for everything that is not a genuine, well-formed event of our mode.</returns>
    public Stripe.Event? Verify(byte[] body, string signatureHeader)
    {
        if (signatureHeader.Length is 0 or > MaxHeaderLength)
        {
            return null;
        }
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var secret in options.Value.WebhookSecrets)
        {
            if (TryParse(body, signatureHeader, secret, now) is { } parsed)
            {
                return IsUsable(parsed) ? parsed : null;
            }
        }
        LogRefused(body.Length);
        return null;
    }

    /// <summary>
    /// Everything that can be wrong here is wrong with the input. The official library reports it with many exception types, some of
    /// which cannot be named without referencing it (STRIPE_NET_API: behaviour worth guarding against), so all of them count.
    /// </summary>
    private Stripe.Event? TryParse(byte[] body, string signatureHeader, string secret, long now)
    {
        try
        {
            return Stripe.EventUtility.ConstructEvent(
                StrictUtf8.GetString(body), signatureHeader, secret, Stripe.EventUtility.DefaultTimeTolerance, now,
                throwOnApiVersionMismatch: false);
        }
        catch (Exception invalid)
        {
            LogInvalid(invalid.GetType().Name);
            return null;
        }
    }

    private bool IsUsable(Stripe.Event parsed)
    {
        if (parsed.Livemode == options.Value.Livemode && parsed is { Id.Length: > 0 and <= 255, Type.Length: > 0 and <= 255, Data: not null })
        {
            return true;
        }
        LogUnusable(parsed.Id, parsed.Livemode);
        return false;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A secret did not verify a webhook delivery: {Reason}")]
    private partial void LogInvalid(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a webhook delivery of {Length} bytes: no configured secret verifies it")]
    private partial void LogRefused(int length);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Refused signed event {EventId}: livemode {Livemode} is not the mode of Stripe:ApiKey, or it lacks id, type or data")]
    private partial void LogUnusable(string? eventId, bool livemode);
}
