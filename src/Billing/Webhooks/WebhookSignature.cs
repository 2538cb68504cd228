using System.Text;
using Microsoft.Extensions.Options;

namespace Billing.Webhooks;

/// <summary>Decides whether a delivery is genuine: one of our secrets signed exactly these bytes at most 300 s ago (FACTS C.2).</summary>
internal sealed partial class WebhookSignature(IOptions<StripeOptions> options, TimeProvider time, ILogger<WebhookSignature> log)
{
    private const int MaxHeaderLength = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>The event's envelope, or null for everything that is not a genuine event of our mode.</returns>
    public EventEnvelope? Verify(byte[] body, string signatureHeader)
    {
        if (signatureHeader.Length > MaxHeaderLength || !options.Value.WebhookSecrets.Any(secret => IsSigned(body, signatureHeader, secret)))
        {
            LogRefused(body.Length);
            return null;
        }
        if (EventEnvelope.TryRead(body) is not { } envelope)
        {
            LogNoEvent(body.Length);
            return null;
        }
        if (envelope.Livemode != options.Value.Livemode)
        {
            LogOtherMode(envelope.Id, envelope.Livemode);
            return null;
        }
        return envelope;
    }

    /// <summary>
    /// Everything that can go wrong here is wrong with the input. The official library reports it with many exception types, some of
    /// which cannot be named without referencing it (STRIPE_NET_API: behaviour worth guarding against), so all of them count.
    /// </summary>
    private bool IsSigned(byte[] body, string signatureHeader, string secret)
    {
        try
        {
            Stripe.EventUtility.ValidateSignature(
                StrictUtf8.GetString(body), signatureHeader, secret, Stripe.EventUtility.DefaultTimeTolerance, time.GetUtcNow().ToUnixTimeSeconds());
            return true;
        }
        catch (Exception invalid)
        {
            LogInvalid(invalid.GetType().Name);
            return false;
        }
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
