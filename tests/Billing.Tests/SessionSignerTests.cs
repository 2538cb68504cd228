using Billing.Checkout;
using Billing.Persistence;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;

namespace Billing.Tests;

/// <summary>Metadata that we did not sign, or not like this, proves nothing.</summary>
public sealed class SessionSignerTests
{
    private static readonly SessionClaims Claims = new(
        Guid.NewGuid(), "org-1", CheckoutKind.Subscription, "pro", "price_1", null, 2900, "usd", "nonce", DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    [Fact]
    public void Signature_OfOurs_GivesTheClaimsBack() => Assert.Equal(Claims, Signer("a").Verify(Signer("a").Sign(Claims)));

    [Fact]
    public void Signature_OfAFormerKey_VerifiesWhileItIsConfigured()
    {
        var signed = Signer("old").Sign(Claims);
        Assert.Equal(Claims, Signer("new", "old").Verify(signed));
        Assert.Null(Signer("new").Verify(signed));
    }

    [Fact]
    public void Signature_OfAnotherKeyUnderTheSameId_DoesNotVerify()
    {
        var forged = Signer("a", secret: 7).Sign(Claims);
        Assert.Null(Signer("a").Verify(forged));
    }

    [Fact]
    public void Metadata_AnyPartChangedOrGone_DoesNotVerify()
    {
        var signer = Signer("a");
        var topUp = Claims with { Kind = CheckoutKind.TopUp, Plan = null, PriceId = null, Credits = 500 };
        foreach (var (claims, name) in new[] { Claims, topUp }.SelectMany(claims => signer.Sign(claims).Keys.Select(name => (claims, name))))
        {
            var changed = signer.Sign(claims);
            changed[name] += "x";
            Assert.Null(signer.Verify(changed));
            var gone = signer.Sign(claims);
            gone.Remove(name);
            Assert.Null(signer.Verify(gone));
        }
        Assert.Null(signer.Verify(null));
        Assert.Null(signer.Verify(new Dictionary<string, string>()));
    }

    [Fact]
    public void Metadata_OfAnyTwoDifferentClaims_HasDifferentSignatures()
    {
        var signer = Signer("a");
        var texts = Gen.Elements("", "a", "b", "ab", "1:a", "\n", "a\nbilling_plan:1:b", "é").Two();
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Gen.Zip(texts, texts).ToArbitrary(), pair =>
        {
            var one = Claims with { OrgId = pair.Item1.Item1, Plan = pair.Item1.Item2 };
            var other = Claims with { OrgId = pair.Item2.Item1, Plan = pair.Item2.Item2 };
            return (one == other) == (signer.Sign(one)["billing_signature"] == signer.Sign(other)["billing_signature"]);
        }));
    }

    [Fact]
    public void Metadata_FitsStripesBounds()
    {
        var longest = Claims with { OrgId = new string('o', 64), Plan = new string('p', 40), PriceId = new string('x', 255), Amount = long.MaxValue };
        var metadata = Signer("abcdefghijklmnop").Sign(longest);
        Assert.InRange(metadata.Count, 1, 50);
        Assert.All(metadata, pair => Assert.True(pair.Key.Length <= 40 && pair.Value.Length <= 500));
    }

    private static SessionSigner Signer(string first, string? second = null, byte secret = 1)
    {
        var options = new BillingOptions();
        foreach (var id in new[] { first, second }.OfType<string>())
        {
            var bytes = Enumerable.Repeat(secret, 32).Select((b, i) => (byte)(b + i + id.Length)).ToArray();
            options.SigningKeys.Add(new SigningKeyOptions { Id = id, Secret = Convert.ToBase64String(bytes) });
        }
        return new SessionSigner(Options.Create(options));
    }
}
