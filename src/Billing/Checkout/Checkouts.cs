using System.Buffers.Text;
using System.Security.Cryptography;
using Billing.Api;
using Billing.Catalog;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Checkout;

/// <summary>Starts the purchase of a subscription: at most one live subscription and one open session per org (DESIGN rules 4 and 5).</summary>
internal sealed class Checkouts(
    OrgLeases leases, StripeCustomers customers, Obstacles obstacles, StripePrices prices, CheckoutIntents intents,
    PlanCatalog catalog, RedirectUrls redirects, SessionSigner signer, IDbContextFactory<BillingDb> databases,
    IOptions<BillingOptions> options, TimeProvider time)
{
    /// <summary>An open session is handed out again only while this much of its life is left.</summary>
    private static readonly TimeSpan ReuseMargin = TimeSpan.FromHours(1);

    /// <summary>The session to pay on, new or still open, or a refusal that says what stands in the way.</summary>
    /// <param name="orgId">The buyer.</param>
    /// <param name="request">Validated.</param>
    /// <param name="cancellationToken">Giving up half way is safe: the next request goes on from there.</param>
    public async Task<Result<CheckoutSession>> StartAsync(string orgId, CheckoutRequest request, CancellationToken cancellationToken)
    {
        var offer = catalog.Find(request.Plan ?? options.Value.DefaultPlan!, request.Interval ?? BillingInterval.Monthly)!;
        await using var lease = await leases.AcquireAsync(orgId, cancellationToken);
        if (lease is null)
        {
            var busy = ApiError.Conflict("in_progress", "Another checkout of this org is being made. Try again in a moment.");
            return busy with { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        // Work must not outlive the lease; the margin is for the last write.
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(OrgLeases.Duration - TimeSpan.FromSeconds(10));
        try
        {
            return await StartWithAnyCustomerAsync(orgId, offer, request, lease, bounded.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ApiError.Unavailable("The payment provider took too long. Try again; nothing is lost.");
        }
    }

    private async Task<Result<CheckoutSession>> StartWithAnyCustomerAsync(
        string orgId, CatalogEntry offer, CheckoutRequest request, OrgLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await StartAsync(orgId, offer, request, lease, cancellationToken);
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone, "customer"))
        {
            // Deleted at Stripe: the org gets a new one, once.
            await customers.ForgetAsync(lease, cancellationToken);
            return await StartAsync(orgId, offer, request, lease, cancellationToken);
        }
    }

    private async Task<Result<CheckoutSession>> StartAsync(
        string orgId, CatalogEntry offer, CheckoutRequest request, OrgLease lease, CancellationToken cancellationToken)
    {
        var org = await ReadOrgAsync(orgId, cancellationToken);
        await obstacles.RefreshUnpaidAsync(org, lease, cancellationToken);
        if (await FindKnownObstacleAsync(orgId, offer.Plan, cancellationToken) is { } known)
        {
            // What our table says may be old news: it is asked for, and the next try knows.
            await obstacles.HaveReReadAsync(orgId, cancellationToken);
            return known;
        }
        var price = await prices.FindAsync(offer, cancellationToken);
        if (price.Error is not null)
        {
            return price.Error;
        }

        var customerId = await customers.EnsureAsync(org, lease, cancellationToken);
        if (await obstacles.FindAtStripeAsync(org, customerId, offer.Plan, lease, cancellationToken) is { } atStripe)
        {
            return atStripe;
        }
        var intent = NewIntent(org.Id, customerId, offer, price.Value, request);
        if (await intents.FindLiveAsync(org.Id, CheckoutKind.Subscription, cancellationToken) is { } earlier)
        {
            if (IsSamePurchase(earlier, intent) && earlier.ExpiresAt - time.GetUtcNow() >= ReuseMargin)
            {
                if (earlier.SessionId is null)
                {
                    return await intents.OpenAsync(earlier, lease, cancellationToken);
                }
                if (await intents.IsPayableAsync(earlier, cancellationToken))
                {
                    return earlier;
                }
            }
            if (!await intents.CloseAsync(earlier, lease, cancellationToken))
            {
                return Obstacles.AlreadySubscribed();
            }
        }
        if (await intents.CommitAsync(intent, lease, cancellationToken) is { } meanwhile)
        {
            return meanwhile;
        }
        return await intents.OpenAsync(intent, lease, cancellationToken);
    }

    private async Task<Org> ReadOrgAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Orgs.AsNoTracking().SingleAsync(org => org.Id == orgId, cancellationToken);
    }

    private async Task<ApiError?> FindKnownObstacleAsync(string orgId, string plan, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Obstacles.FindKnownAsync(db, orgId, plan, cancellationToken);
    }

    private CheckoutSession NewIntent(string orgId, string customerId, CatalogEntry offer, string priceId, CheckoutRequest request)
    {
        var now = time.GetUtcNow();
        var claims = new SessionClaims(
            Guid.CreateVersion7(now), orgId, CheckoutKind.Subscription, offer.Plan, priceId, offer.Price.Amount, offer.Price.Currency,
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), ToSecond(now + options.Value.CheckoutLifetime));
        var parameters = new SessionParameters
        {
            Customer = customerId,
            OrgId = orgId,
            PriceId = priceId,
            SuccessUrl = RedirectUrls.WithSessionId(request.SuccessUrl ?? redirects.DefaultSuccess),
            CancelUrl = new Uri(request.CancelUrl ?? redirects.DefaultCancel).AbsoluteUri,
            ExpiresAt = claims.ExpiresAt,
            Metadata = signer.Sign(claims),
        };
        return new CheckoutSession
        {
            Id = claims.IntentId,
            OrgId = orgId,
            Kind = claims.Kind,
            Plan = offer.Plan,
            Interval = offer.Interval,
            PriceId = priceId,
            Amount = claims.Amount,
            Currency = claims.Currency,
            SuccessUrl = parameters.SuccessUrl,
            CancelUrl = parameters.CancelUrl,
            Parameters = parameters.ToJson(),
            ExpiresAt = claims.ExpiresAt,
            CreatedAt = now,
        };
    }

    private static bool IsSamePurchase(CheckoutSession one, CheckoutSession other) => What(one) == What(other);

    private static (string, string, string, string) What(CheckoutSession session) =>
        (session.PriceId, session.SuccessUrl, session.CancelUrl, SessionParameters.FromJson(session.Parameters).Customer);

    private static DateTimeOffset ToSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
