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
        if (parsed.Livemode == options.Value.Livemode && IsName(parsed.Id) && IsName(parsed.Type) && parsed.Data is not null)
        {
            return true;
        }
        LogUnusable(parsed.Livemode);
        return false;
    }

    private static bool IsName(string? text) => text is { Length: > 0 and <= 255 } && text.All(c => c is > ' ' and <= '~');

    [LoggerMessage(Level = LogLevel.Debug, Message = "A secret did not verify a webhook delivery: {Reason}")]
    private partial void LogInvalid(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a webhook delivery of {Length} bytes: no configured secret verifies it")]
    private partial void LogRefused(int length);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Refused a signed event: livemode {Livemode} is not the mode of Stripe:ApiKey, or it lacks a proper id, type or data")]
    private partial void LogUnusable(bool livemode);
}
