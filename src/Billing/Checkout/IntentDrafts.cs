using System.Buffers.Text;
using System.Security.Cryptography;
using Billing.Persistence;
using Microsoft.Extensions.Options;

namespace Billing.Checkout;

/// <summary>Writes down what is to be sold, with all that Stripe will be told; nothing is kept or sent yet.</summary>
internal sealed class IntentDrafts(RedirectUrls redirects, SessionSigner signer, IOptions<BillingOptions> options, TimeProvider time)
{
    /// <param name="offer">What is sold.</param>
    /// <param name="orgId">The buyer.</param>
    /// <param name="customerId">The buyer at Stripe.</param>
    /// <param name="successUrl">Allowed; null: the configured one.</param>
    /// <param name="cancelUrl">Allowed; null: the configured one.</param>
    public CheckoutSession Write(Offer offer, string orgId, string customerId, string? successUrl, string? cancelUrl)
    {
        var now = time.GetUtcNow();
        var claims = new SessionClaims(
            Guid.CreateVersion7(now), orgId, offer.Kind, offer.Plan, offer.PriceId, offer.Credits, offer.Amount, offer.Currency,
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), ToSecond(now + options.Value.CheckoutLifetime));
        var parameters = new SessionParameters
        {
            Customer = customerId,
            OrgId = orgId,
            PriceId = offer.PriceId,
            Product = offer.Product,
            Amount = offer.Kind == CheckoutKind.TopUp ? offer.Amount : null,
            Currency = offer.Kind == CheckoutKind.TopUp ? offer.Currency : null,
            TrialDays = offer.TrialDays,
            AllowPromotionCodes = options.Value.AllowPromotionCodes && offer.Kind == CheckoutKind.Subscription,
            AutomaticTax = options.Value.AutomaticTax,
            SuccessUrl = RedirectUrls.WithSessionId(successUrl ?? redirects.DefaultSuccess),
            CancelUrl = redirects.CancelUrl(cancelUrl),
            ExpiresAt = claims.ExpiresAt,
            Metadata = signer.Sign(claims),
        };
        return new CheckoutSession
        {
            Id = claims.IntentId,
            OrgId = orgId,
            Kind = offer.Kind,
            Plan = offer.Plan,
            Interval = offer.Interval,
            PriceId = offer.PriceId,
            Credits = offer.Credits,
            Amount = offer.Amount,
            Currency = offer.Currency,
            SuccessUrl = parameters.SuccessUrl,
            CancelUrl = parameters.CancelUrl,
            Parameters = parameters.ToJson(),
            ExpiresAt = claims.ExpiresAt,
            CreatedAt = now,
        };
    }

    private static DateTimeOffset ToSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
