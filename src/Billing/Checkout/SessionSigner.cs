using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Billing.Checkout;

/// <summary>Signs <see cref="SessionClaims"/> with HMAC-SHA256: the first configured key signs, every configured key verifies.</summary>
internal sealed class SessionSigner(IOptions<BillingOptions> options)
{
    private const string SignatureName = "billing_signature";

    private readonly (string Id, byte[] Secret)[] _keys =
        [.. options.Value.SigningKeys.Select(key => (key.Id, Convert.FromBase64String(key.Secret)))];

    /// <summary>The metadata to send to Stripe: the claims and <c>{key id}.{base64url HMAC}</c>.</summary>
    public Dictionary<string, string> Sign(SessionClaims claims)
    {
        var metadata = claims.ToMetadata();
        var (id, secret) = _keys[0];
        return new Dictionary<string, string>(metadata) { [SignatureName] = $"{id}.{Base64Url.EncodeToString(Mac(secret, metadata))}" };
    }

    /// <summary>The claims, if one of our keys signed exactly these; else null. Whether they have expired is the caller's question.</summary>
    public SessionClaims? Verify(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null || SessionClaims.FromMetadata(metadata) is not { } claims
            || metadata.GetValueOrDefault(SignatureName)?.Split('.') is not [var id, var signature])
        {
            return null;
        }
        return Base64Url.IsValid(signature) && Array.Find(_keys, key => key.Id == id) is { Secret: { } secret }
            && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(signature), Mac(secret, claims.ToMetadata()))
                ? claims
                : null;
    }

    /// <summary>Every name and value goes in behind its length, so that no two different claims give the same bytes.</summary>
    private static byte[] Mac(byte[] secret, SortedDictionary<string, string> claims)
    {
        var text = new StringBuilder("billing-session-v1");
        foreach (var (name, value) in claims)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{name}:{value.Length}:{value}");
        }
        return HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
