using System.Runtime.CompilerServices;
using Billing.Api;
using Billing.Orgs;
using Billing.Persistence;

namespace Billing.Checkout;

/// <summary>
/// Checkout sessions as Stripe has them. One that Stripe does not show is over only if Stripe shows its customer: else this host's key is
/// another account's, and what the caller was about to conclude ends in a 503 (<see cref="CustomerLookup"/>).
/// </summary>
internal sealed class StripeSessions(Stripe.IStripeClient stripe, CustomerLookup customers, SessionSigner signer)
{
    /// <summary>Stripe's word for a session that can be paid.</summary>
    public const string Open = "open";

    /// <summary>Stripe's word for a session that a buyer went through with.</summary>
    public const string Complete = "complete";

    private readonly Stripe.Checkout.SessionService _sessions = new(stripe);

    /// <summary>Has it made from the parameters that were stored, under a key of this attempt.</summary>
    public Task<Stripe.Checkout.Session> CreateAsync(CheckoutSession intent, CancellationToken cancellationToken)
    {
        var request = new Stripe.RequestOptions { IdempotencyKey = $"billing-checkout-{intent.Id:N}-{intent.Attempt}" };
        return _sessions.CreateAsync(SessionParameters.FromJson(intent.Parameters).ToOptions(), request, cancellationToken);
    }

    /// <summary>The session, or null if Stripe does not have it any more.</summary>
    /// <param name="row">With a session id.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <param name="expand">What Stripe is to put in whole.</param>
    public async Task<Stripe.Checkout.Session?> FindAsync(CheckoutSession row, CancellationToken cancellationToken, params List<string> expand)
    {
        try
        {
            // Not an empty list, which Stripe.net would send as an empty parameter (FACTS A.2).
            var options = expand.Count == 0 ? null : new Stripe.Checkout.SessionGetOptions { Expand = expand };
            return await _sessions.GetAsync(row.SessionId!, options, cancellationToken: cancellationToken);
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone))
        {
            await customers.IsDeletedAsync(CustomerOf(row), cancellationToken);
            return null;
        }
    }

    /// <summary>The open session that an earlier try of this intent made, or null if there is none for certain.</summary>
    /// <exception cref="ApiException">503: Stripe does not say.</exception>
    public async Task<Stripe.Checkout.Session?> FindMadeAsync(CheckoutSession intent, CancellationToken cancellationToken)
    {
        var customer = CustomerOf(intent);
        if (await customers.IsDeletedAsync(customer, cancellationToken))
        {
            return null;
        }
        try
        {
            return await OpenOf(customer, intent.OrgId, intent.Kind, cancellationToken)
                .Where(session => signer.Verify(session.Metadata)?.IntentId == intent.Id).FirstOrDefaultAsync(cancellationToken);
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            // A refusal to let us look must not be taken for a refusal of the session.
            throw new ApiException(ApiError.Unavailable("The payment provider does not say what became of an earlier try. Try again later."));
        }
    }

    /// <summary>The sessions that we sold to the org and that can still be paid.</summary>
    public async IAsyncEnumerable<Stripe.Checkout.Session> OpenOf(
        string customerId, string orgId, CheckoutKind kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = new Stripe.Checkout.SessionListOptions { Customer = customerId, Status = Open, Limit = 100 };
        await foreach (var session in _sessions.ListAutoPagingAsync(all, cancellationToken: cancellationToken))
        {
            if (session.Status == Open && signer.Verify(session.Metadata) is { } claims && claims.OrgId == orgId && claims.Kind == kind)
            {
                yield return session;
            }
        }
    }

    /// <summary>Expires a session; as it is in the end, complete or expired, or null if Stripe does not have it any more.</summary>
    /// <exception cref="Stripe.StripeException">It can neither be expired nor is it over.</exception>
    public async Task<Stripe.Checkout.Session?> ExpireAsync(string sessionId, string customerId, CancellationToken cancellationToken)
    {
        try
        {
            return await _sessions.ExpireAsync(sessionId, cancellationToken: cancellationToken);
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone))
        {
            await customers.IsDeletedAsync(customerId, cancellationToken);
            return null;
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            // Only an open session can be expired, so it may be over already. One that is still open must not be taken for over.
            var session = await _sessions.GetAsync(sessionId, cancellationToken: cancellationToken);
            if (session.Status == Open)
            {
                throw;
            }
            return session;
        }
    }

    public static string CustomerOf(CheckoutSession intent) => SessionParameters.FromJson(intent.Parameters).Customer;
}
