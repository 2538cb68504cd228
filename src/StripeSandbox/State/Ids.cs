using System.Security.Cryptography;
using System.Text;

namespace StripeSandbox.State;

/// <summary>Object ids with Stripe's prefixes: opaque, random, unguessable.</summary>
internal static class Ids
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string New(string prefix, int length = 24) => prefix + RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>The account that an API key opens: only this hash of the key is ever kept.</summary>
    public static string Account(string apiKey)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(apiKey));
        return "acct_1" + string.Concat(hash.Take(15).Select(octet => Alphabet[octet % Alphabet.Length]));
    }
}
