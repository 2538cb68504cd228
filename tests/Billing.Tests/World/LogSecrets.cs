using System.Text.RegularExpressions;

namespace Billing.Tests.World;

/// <summary>Finds in a line of the log what must never be in one: keys, secrets, signatures, tokens, pages that can be paid on, card numbers.</summary>
internal static partial class LogSecrets
{
    /// <returns>What kind of secret the line holds, or null.</returns>
    public static string? Find(string line) => Kinds.FirstOrDefault(kind => kind.Looks.IsMatch(line)).Name;

    private static readonly (string Name, Regex Looks)[] Kinds =
    [
        ("A signing secret of Stripe's", WebhookSecret()),
        ("A key of Stripe's", StripeKey()),
        ("A key of ours", ApiKey()),
        ("A browser token", BrowserToken()),
        ("A webhook's signature", Signature()),
        ("A page or link at Stripe", HostedPage()),
        ("A client secret", ClientSecret()),
        ("A card's or account's number", CardNumber()),
        ("A password", Password()),
        ("A signing key of ours", SigningKey()),
    ];

    [GeneratedRegex("whsec_[A-Za-z0-9_]{4}")]
    private static partial Regex WebhookSecret();

    [GeneratedRegex("[sr]k_(test|live)_[A-Za-z0-9_]{4}")]
    private static partial Regex StripeKey();

    [GeneratedRegex("bk_(test|live)_[A-Za-z0-9_-]{4}")]
    private static partial Regex ApiKey();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")]
    private static partial Regex BrowserToken();

    [GeneratedRegex("v1=[0-9a-f]{16}|t=[0-9]{10},v[01]=")]
    private static partial Regex Signature();

    [GeneratedRegex("/c/pay/|/p/session/")]
    private static partial Regex HostedPage();

    [GeneratedRegex("_secret_[A-Za-z0-9]{4}")]
    private static partial Regex ClientSecret();

    /// <remarks>A number that stands by itself: among the hexadecimal digits of an id any digits come by chance.</remarks>
    [GeneratedRegex(@"(?<!\w)((4242|4000|5555|3782|6011)[ -]?\d{4}[ -]?\d{4}[ -]?\d{3,4}|000\d{9})(?!\w)")]
    private static partial Regex CardNumber();

    [GeneratedRegex("Password=[^;.*]", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    [GeneratedRegex("AAECAwQFBgcICQoL")]
    private static partial Regex SigningKey();
}
