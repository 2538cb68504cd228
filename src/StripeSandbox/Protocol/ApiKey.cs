using System.Text;

namespace StripeSandbox.Protocol;

/// <summary>The secret key of a request, from a Bearer or Basic header. Test keys only, so that no live key is ever used here.</summary>
internal static class ApiKey
{
    /// <exception cref="StripeError">401: no key, or not a secret test key.</exception>
    public static string Read(string? authorization)
    {
        var key = Extract(authorization);
        if (string.IsNullOrEmpty(key))
        {
            throw StripeError.Unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        }

        if (key.StartsWith("pk_", StringComparison.Ordinal))
        {
            throw StripeError.Unauthorized("This API call cannot be made with a publishable API key. Please use a secret API key.");
        }

        if (key.Contains("_live_", StringComparison.Ordinal))
        {
            throw StripeError.Unauthorized("This is a sandbox: live keys are refused, and this one has now been sent to it in the clear.");
        }

        var isTestKey = key.StartsWith("sk_test_", StringComparison.Ordinal) || key.StartsWith("rk_test_", StringComparison.Ordinal);
        if (!isTestKey || key.Length is < 9 or > 255)
        {
            throw StripeError.Unauthorized($"Invalid API Key provided: {Mask(key)}");
        }

        return key;
    }

    private static string? Extract(string? authorization)
    {
        if (authorization?.Split(' ', 2, StringSplitOptions.TrimEntries) is not [var scheme, var credentials])
        {
            return null;
        }

        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return credentials;
        }

        if (!scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var buffer = new byte[credentials.Length];
        return Convert.TryFromBase64String(credentials, buffer, out var length)
            ? Encoding.UTF8.GetString(buffer, 0, length).Split(':')[0]
            : null;
    }

    private static string Mask(string key) => key.Length <= 8 ? "****" : key[..4] + "****" + key[^4..];
}
