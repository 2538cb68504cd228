using Billing.Api;
using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Checkout;

/// <summary>
/// Sells a plan: on a payment page, or to an org that is subscribed already by a change of its plan. At most one live subscription and one
/// open session per org (DESIGN rules 4 and 5).
/// </summary>
internal sealed class Checkouts(
    OrgWork work, StripeCustomers customers, CustomerSubscriptions subscriptions, PendingPayments pending, StripePrices prices,
    HostedSessions sessions, PlanChanges planChanges, IntentDrafts drafts, PlanCatalog catalog,
    IDbContextFactory<BillingDb> databases, IOptions<BillingOptions> options)
{
    /// <summary>Where to send the buyer, or a refusal that says what stands in the way.</summary>
    /// <param name="orgId">The buyer.</param>
    /// <param name="request">Validated.</param>
    /// <param name="cancellationToken">Giving up half way is safe: the next request goes on from there.</param>
    public Task<Result<CheckoutResponse>> StartAsync(string orgId, CheckoutRequest request, CancellationToken cancellationToken)
    {
        var entry = catalog.Find(request.Plan ?? options.Value.DefaultPlan!, request.Interval ?? BillingInterval.Monthly)!;
        return work.RunAsync<CheckoutResponse>(orgId, async (org, lease, token) =>
        {
            try
            {
                return await StartAsync(org, entry, request, lease, token);
            }
            catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
            {
                prices.Forget(entry); // it may be archived by now: the next try looks
                throw;
            }
        }, cancellationToken);
    }

    private async Task<Result<CheckoutResponse>> StartAsync(
        Org org, CatalogEntry entry, CheckoutRequest request, OrgLease lease, CancellationToken cancellationToken)
    {
        await pending.RefreshAsync(org, CheckoutKind.Subscription, lease, cancellationToken);
        var known = await FindKnownObstacleAsync(org.Id, entry.Plan, cancellationToken);
        if (known is { AllowsPlanChange: false })
        {
            return await RefuseAsync(org, known.Refusal, lease, cancellationToken);
        }
        var price = await prices.FindAsync(entry, cancellationToken);
        if (price.Error is not null)
        {
            return price.Error;
        }

        var customer = await customers.EnsureAsync(org, lease, cancellationToken);
        var history = await subscriptions.ReadAsync(org, customer, lease, cancellationToken);
        if (history.Obstacle(entry.Plan) is { } atStripe)
        {
            return atStripe.AllowsPlanChange
                ? await ChangePlanAsync(org, history.Live[0], price.Value, request, lease, cancellationToken)
                : await RefuseAsync(org, atStripe.Refusal, lease, cancellationToken);
        }
        if (known is not null)
        {
            return await RefuseAsync(org, known.Refusal, lease, cancellationToken);
        }
        var offer = Offer.Subscription(entry, price.Value, withTrial: !history.HadTrial);
        var draft = drafts.Write(offer, org.Id, customer.Id, request.SuccessUrl, request.CancelUrl);
        return (await sessions.ProvideAsync(draft, customer, lease, cancellationToken)).Map(CheckoutResponse.NewSubscription);
    }

    private async Task<Result<CheckoutResponse>> ChangePlanAsync(
        Org org, LiveSubscription live, string priceId, CheckoutRequest request, OrgLease lease, CancellationToken cancellationToken)
    {
        if (!await sessions.CloseAsync(org.Id, CheckoutKind.Subscription, lease, cancellationToken))
        {
            return Obstacle.AlreadySubscribed();
        }
        return live.Found is { CancelAtPeriodEnd: false, CancelAt: null }
            ? CheckoutResponse.PlanChange(await planChanges.LinkAsync(live, priceId, request, cancellationToken))
            : Obstacle.CancellationScheduled;
    }

    /// <summary>Gives the refusal once nobody can pay any more: a payment page that is still open would sell a second subscription.</summary>
    private async Task<ApiError> RefuseAsync(Org org, ApiError refusal, OrgLease lease, CancellationToken cancellationToken)
    {
        await sessions.CloseAsync(org.Id, CheckoutKind.Subscription, lease, cancellationToken);
        return refusal;
    }

    private async Task<Obstacle?> FindKnownObstacleAsync(string orgId, string plan, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await Obstacles.FindKnownAsync(db, orgId, plan, cancellationToken);
        if (known is not null)
        {
            // What our table says may be old news: it is asked for, and the next try knows.
            await db.RequestReReadsAsync(orgId, cancellationToken);
        }
        return known;
    }
}
