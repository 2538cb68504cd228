using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stripe;

/// <summary>
/// Verifies and reads what arrives at a webhook endpoint (docs.stripe.com/webhooks). Whatever is wrong with the header or the payload is a
/// <see cref="StripeException"/> and nothing else; only a blank secret, which is our own mistake, is not.
/// </summary>
public static class EventUtility
{
    /// <summary>Seconds that the clock of the sender may be behind or ahead of ours.</summary>
    public const int DefaultTimeTolerance = 300;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Verifies against the clock of the machine, then parses.</summary>
    /// <param name="json">The raw body, byte for byte as received.</param>
    /// <param name="stripeSignatureHeader">The value of <c>Stripe-Signature</c>.</param>
    /// <param name="secret">The signing secret of the endpoint, <c>whsec_</c> included.</param>
    /// <param name="tolerance">Seconds, inclusive, in either direction.</param>
    /// <param name="throwOnApiVersionMismatch">Whether an event of another train than ours is refused.</param>
    /// <exception cref="StripeException">The header or the payload is not acceptable.</exception>
    public static Event ConstructEvent(
        string json,
        string stripeSignatureHeader,
        string secret,
        long tolerance = DefaultTimeTolerance,
        bool throwOnApiVersionMismatch = true) =>
        ConstructEvent(json, stripeSignatureHeader, secret, tolerance, Now(), throwOnApiVersionMismatch);

    /// <summary>Verifies against the given time, in unix seconds, then parses.</summary>
    /// <exception cref="StripeException">The header or the payload is not acceptable.</exception>
    public static Event ConstructEvent(
        string json,
        string stripeSignatureHeader,
        string secret,
        long tolerance,
        long utcNow,
        bool throwOnApiVersionMismatch = true)
    {
        ValidateSignature(json, stripeSignatureHeader, secret, tolerance, utcNow);
        return ParseEvent(json, throwOnApiVersionMismatch);
    }

    /// <summary>Parses without verifying: for payloads that were verified when they were stored.</summary>
    /// <exception cref="StripeException">The payload is not a snapshot event, or of another train.</exception>
    public static Event ParseEvent(string json, bool throwOnApiVersionMismatch = true)
    {
        var parsed = EventPayload.Parse(Bytes(json));
        if (throwOnApiVersionMismatch && !EventPayload.IsOfOurTrain(parsed))
        {
            throw new StripeException(
                $"The event is rendered in API version {parsed.ApiVersion}, but this client reads {StripeConfiguration.ApiVersion}.");
        }

        return parsed;
    }

    /// <summary>Checks the signature first and the time second, so that an unsigned header learns nothing about our clock.</summary>
    /// <exception cref="StripeException">No <c>v1</c> signature matches, or the time is out of tolerance.</exception>
    public static void ValidateSignature(
        string json, string stripeSignatureHeader, string secret, long tolerance, long utcNow)
    {
        var header = SignatureHeader.Parse(stripeSignatureHeader);
        var expected = Encoding.ASCII.GetBytes(Hex(secret, header.Timestamp, Bytes(json)));
        if (!header.Matches(expected))
        {
            throw new StripeException("No v1 signature of the header matches the payload and the secret.");
        }

        if (!long.TryParse(header.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)
            || Int128.Abs((Int128)utcNow - signedAt) > tolerance)
        {
            throw new StripeException("The signature was made outside of the tolerated time.");
        }
    }

    /// <summary>The lower-case hex of a <c>v1</c> signature.</summary>
    public static string ComputeSignature(string secret, string timestamp, string payload) =>
        Hex(secret, timestamp, Bytes(payload));

    /// <summary>A header that verifies, for tests and for the sandbox.</summary>
    /// <param name="payload">The body to sign.</param>
    /// <param name="secret">The signing secret.</param>
    /// <param name="timestamp">Unix seconds; null means now.</param>
    public static string GenerateSignatureHeader(string payload, string secret, long? timestamp = null)
    {
        var signedAt = (timestamp ?? Now()).ToString(CultureInfo.InvariantCulture);
        return $"t={signedAt},v1={ComputeSignature(secret, signedAt, payload)}";
    }

    private static string Hex(string secret, string timestamp, byte[] payload)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(secret);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Bytes(timestamp));
        hmac.AppendData("."u8);
        hmac.AppendData(payload);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>Refuses what has no UTF-8 form: replacing it would sign another text than the one received.</summary>
    private static byte[] Bytes(string? text)
    {
        try
        {
            return StrictUtf8.GetBytes(text ?? throw new StripeException("The payload is null."));
        }
        catch (EncoderFallbackException exception)
        {
            throw new StripeException("The payload holds half a surrogate pair.", exception);
        }
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
