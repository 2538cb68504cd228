using System.Security.Cryptography;
using System.Text;

namespace Stripe;

/// <summary>A <c>Stripe-Signature</c> header taken apart: <c>t=...,v1=...[,v1=...]</c>; other schemes are skipped.</summary>
internal sealed class SignatureHeader
{
    /// <summary>Stripe sends one <c>t</c>, a <c>v1</c> per live secret and at most one <c>v0</c>: far below both bounds.</summary>
    internal const int MaxLength = 4096;

    internal const int MaxItems = 32;

    private readonly List<string> _signatures;

    private SignatureHeader(string timestamp, List<string> signatures)
    {
        Timestamp = timestamp;
        _signatures = signatures;
    }

    /// <summary>The text after <c>t=</c>, as signed; not yet known to be a number.</summary>
    public string Timestamp { get; }

    /// <exception cref="StripeException">The header is absent, too long, malformed, or lacks <c>t</c> or <c>v1</c>.</exception>
    public static SignatureHeader Parse(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            throw new StripeException("There is no Stripe-Signature header.");
        }

        if (header.Length > MaxLength)
        {
            throw Malformed("is too long");
        }

        var items = header.Split(',', MaxItems + 1);
        if (items.Length > MaxItems)
        {
            throw Malformed("has too many items");
        }

        string? timestamp = null;
        var _signatures = new List<string>();
        foreach (var item in items)
        {
            if (item.Trim().Split('=', 2) is not [var key, var value])
            {
                throw Malformed("has an item that is not key=value");
            }

            if (key == "v1")
            {
                _signatures.Add(value);
            }

            if (key == "t")
            {
                timestamp = timestamp is null ? value : throw Malformed("has more than one time");
            }
        }

        if (timestamp is null)
        {
            throw Malformed("has no time");
        }

        if (_signatures is [])
        {
            throw Malformed("has no v1 signature");
        }

        return new SignatureHeader(timestamp, _signatures);
    }

    /// <summary>Whether any signature is the expected lower-case hex, byte for byte and in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> expected)
    {
        var matches = false;
        foreach (var signature in _signatures)
        {
            matches |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        }

        return matches;
    }

    private static StripeException Malformed(string how) => new($"The Stripe-Signature header {how}.");
}
