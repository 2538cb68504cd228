using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Authentication;

/// <summary>
/// The text of an API key: <c>bk_test_</c> or <c>bk_live_</c> and 256 random bits as base64url (43 characters). Shown once; only its
/// SHA-256 is kept.
/// </summary>
internal static class KeyMaterial
{
    private const int SecretLength = 43;

    public static string NewKey(bool livemode)
    {
        Span<byte> secret = stackalloc byte[32];
        RandomNumberGenerator.Fill(secret);
        return Prefix(livemode) + Base64Url.EncodeToString(secret);
    }

    /// <summary>The SHA-256 of a key of this mode, or null for what cannot be one, so that junk costs no query (DESIGN rule 12).</summary>
    public static byte[]? Hash(string key, bool livemode)
    {
        var prefix = Prefix(livemode);
        return key.Length == prefix.Length + SecretLength && key.StartsWith(prefix, StringComparison.Ordinal)
            ? SHA256.HashData(Encoding.UTF8.GetBytes(key))
            : null;
    }

    private static string Prefix(bool livemode) => livemode ? "bk_live_" : "bk_test_";
}
