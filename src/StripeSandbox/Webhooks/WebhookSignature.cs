using System.Security.Cryptography;
using System.Text;

namespace StripeSandbox.Webhooks;

/// <summary>
/// The <c>Stripe-Signature</c> header: <c>t=..,v1=..</c> without spaces (stripe-node refuses them), lowercase hex of
/// HMAC-SHA256 over <c>{t}.{body}</c> under the whole secret, its prefix included.
/// </summary>
internal static class WebhookSignature
{
    public static string Sign(string secret, long timestamp, byte[] body)
    {
        var signed = Encoding.UTF8.GetBytes($"{timestamp}.").Concat(body).ToArray();
        return $"t={timestamp},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
