using Billing.Api;
using Billing.Checkout;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Stripe.BillingPortal;

namespace Billing.Portal;

/// <summary>Links to Stripe's billing portal; each is made when it is asked for, and never kept (FACTS B.5).</summary>
internal sealed class Portals(
    Stripe.IStripeClient stripe, CustomerLookup customers, RedirectUrls redirects, IDbContextFactory<BillingDb> databases, IOptions<StripeOptions> options)
{
    /// <summary>The link, or a refusal for an org that never had a Stripe customer, or whose customer was deleted there.</summary>
    /// <param name="orgId">An org that exists.</param>
    /// <param name="returnUrl">Allowed; null: the configured one.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public async Task<Result<string>> OpenAsync(string orgId, string? returnUrl, CancellationToken cancellationToken)
    {
        if (await FindCustomerAsync(orgId, cancellationToken) is not { } customerId)
        {
            return ApiError.NoBillingHistory();
        }
        var session = new SessionCreateOptions { Customer = customerId, ReturnUrl = redirects.PortalReturnUrl(returnUrl) };
        if (options.Value.PortalConfiguration is { } configuration)
        {
            session.Configuration = configuration;
        }
        try
        {
            return (await new SessionService(stripe).CreateAsync(session, cancellationToken: cancellationToken)).Url;
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone, "customer"))
        {
            if (await customers.IsDeletedAsync(customerId, cancellationToken))
            {
                return ApiError.NoBillingHistory();
            }
            throw;
        }
    }

    private async Task<string?> FindCustomerAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Orgs.Where(org => org.Id == orgId).Select(org => org.StripeCustomerId).SingleOrDefaultAsync(cancellationToken);
    }
}
