using System.Globalization;
using Billing.Persistence;

namespace Billing.Checkout;

/// <summary>
/// What we sold to whom, as it travels in the metadata of the session and its subscription (DESIGN rule 5). Visible to everybody with
/// access to the Stripe account, so it holds no secret; <see cref="SessionSigner"/> makes it unforgeable.
/// </summary>
/// <param name="Plan">Of a subscription, as is <paramref name="PriceId"/>; null for a top-up.</param>
/// <param name="Credits">Of a top-up; null for a subscription.</param>
/// <param name="ExpiresAt">When the session can no longer be paid.</param>
internal sealed record SessionClaims(
    Guid IntentId, string OrgId, CheckoutKind Kind, string? Plan, string? PriceId, long? Credits, long Amount, string Currency, string Nonce,
    DateTimeOffset ExpiresAt)
{
    private const string Prefix = "billing_";

    /// <summary>As metadata, names in ordinal order; the signature is not among them.</summary>
    public SortedDictionary<string, string> ToMetadata()
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Prefix + "amount"] = Amount.ToString(CultureInfo.InvariantCulture),
            [Prefix + "currency"] = Currency,
            [Prefix + "expires"] = ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            [Prefix + "intent"] = IntentId.ToString("N"),
            [Prefix + "kind"] = Kind.ToString(),
            [Prefix + "nonce"] = Nonce,
            [Prefix + "org"] = OrgId,
        };
        AddIfAny("plan", Plan);
        AddIfAny("price", PriceId);
        AddIfAny("credits", Credits?.ToString(CultureInfo.InvariantCulture));
        return metadata;

        void AddIfAny(string name, string? value)
        {
            if (value is not null)
            {
                metadata[Prefix + name] = value;
            }
        }
    }

    /// <summary>Reads what <see cref="ToMetadata"/> wrote, or null if a part is missing or malformed. Proves nothing by itself.</summary>
    public static SessionClaims? FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        string Text(string name) => metadata.GetValueOrDefault(Prefix + name, "");
        string? TextOrNull(string name) => metadata.GetValueOrDefault(Prefix + name);
        var credits = long.TryParse(Text("credits"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        return Guid.TryParseExact(Text("intent"), "N", out var intent)
            && Enum.TryParse<CheckoutKind>(Text("kind"), out var kind)
            && long.TryParse(Text("amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && long.TryParse(Text("expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && expires <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? new SessionClaims(
                    intent, Text("org"), kind, TextOrNull("plan"), TextOrNull("price"), credits, amount, Text("currency"), Text("nonce"),
                    DateTimeOffset.FromUnixTimeSeconds(expires))
                : null;
    }
}
