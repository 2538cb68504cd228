using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Options;

namespace Billing.Webhooks;

/// <summary>Decides whether a delivery is genuine: one of our secrets signed exactly these bytes at most 300 s ago (FACTS C.2).</summary>
internal sealed partial class WebhookSignature(IOptions<StripeOptions> options, TimeProvider time, ILogger<WebhookSignature> log)
{
    private const int MaxHeaderLength = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>The event, or null for everything that is not a genuine one of our mode.</returns>
    public ReceivedEvent? Verify(byte[] body, string signatureHeader)
    {
        var now = time.GetUtcNow();
        if (signatureHeader.Length > MaxHeaderLength || !IsSigned(body, signatureHeader, now.ToUnixTimeSeconds(), out var text))
        {
            LogRefused(body.Length);
            EventMetrics.CountRefused("signature");
            return null;
        }
        if (ReceivedEvent.TryRead(body, text, now) is not { } e)
        {
            LogNoEvent(body.Length);
            EventMetrics.CountRefused("no_event");
            return null;
        }
        if (e.Livemode != options.Value.Livemode)
        {
            LogOtherMode(e.Row.Id, e.Livemode);
            EventMetrics.CountRefused("other_mode");
            return null;
        }
        return e;
    }

    /// <summary>
    /// Everything that can go wrong here is wrong with the input. The official library reports it with many exception types, some of
    /// which cannot be named without referencing it (STRIPE_NET_API: behaviour worth guarding against), so all of them count.
    /// </summary>
    private bool IsSigned(byte[] body, string signatureHeader, long now, [NotNullWhen(true)] out string? text)
    {
        text = null;
        foreach (var secret in options.Value.WebhookSecrets)
        {
            try
            {
                text ??= StrictUtf8.GetString(body);
                Stripe.EventUtility.ValidateSignature(text, signatureHeader, secret, Stripe.EventUtility.DefaultTimeTolerance, now);
                return true;
            }
            catch (Exception invalid)
            {
                LogInvalid(invalid.GetType().Name);
            }
        }
        return false;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A secret did not verify a webhook delivery: {Reason}")]
    private partial void LogInvalid(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a webhook delivery of {Length} bytes: no configured secret verifies it")]
    private partial void LogRefused(int length);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refused a signed webhook delivery of {Length} bytes: it is no snapshot event")]
    private partial void LogNoEvent(int length);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refused signed event {StripeEventId}: livemode {Livemode} is not the mode of Stripe:ApiKey")]
    private partial void LogOtherMode(string stripeEventId, bool livemode);
}
