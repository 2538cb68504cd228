using Billing.Api;
using Billing.Orgs;
using Billing.Persistence;

namespace Billing.Checkout;

/// <summary>At most one payable session per org and kind: the open one is handed out again, or made to end before another takes its place.</summary>
internal sealed class HostedSessions(CheckoutIntents intents, TimeProvider time)
{
    /// <summary>An open session is handed out again only while this much of its life is left.</summary>
    private static readonly TimeSpan ReuseMargin = TimeSpan.FromHours(1);

    /// <summary>The session to pay on, new or still open, or a refusal that says what stands in the way.</summary>
    /// <param name="draft">What is wanted.</param>
    /// <param name="customer">The buyer's.</param>
    /// <param name="lease">Of the buyer.</param>
    /// <param name="cancellationToken">Giving up half way is safe.</param>
    public async Task<Result<CheckoutSession>> ProvideAsync(
        CheckoutSession draft, OrgCustomer customer, OrgLease lease, CancellationToken cancellationToken)
    {
        if (await intents.FindLiveAsync(draft.OrgId, draft.Kind, cancellationToken) is { } earlier)
        {
            if (await ReuseAsync(earlier, draft, lease, cancellationToken) is { } reused)
            {
                return reused;
            }
            if (!await intents.CloseAsync(earlier, lease, cancellationToken) && draft.Kind == CheckoutKind.Subscription)
            {
                return Obstacle.AlreadySubscribed();
            }
        }
        // A restore may have lost the row of one that is open all the same.
        if (!customer.IsNew && !await intents.CloseStraysAsync(draft, lease, cancellationToken) && draft.Kind == CheckoutKind.Subscription)
        {
            return Obstacle.AlreadySubscribed();
        }
        if (await intents.CommitAsync(draft, lease, cancellationToken) is { } meanwhile)
        {
            return meanwhile.Refusal;
        }
        return await intents.OpenAsync(draft, lease, cancellationToken);
    }

    /// <summary>Makes sure that nobody can pay the org's open session any more; false if somebody just did.</summary>
    public async Task<bool> CloseAsync(string orgId, CheckoutKind kind, OrgLease lease, CancellationToken cancellationToken) =>
        await intents.FindLiveAsync(orgId, kind, cancellationToken) is not { } open || await intents.CloseAsync(open, lease, cancellationToken);

    private async Task<CheckoutSession?> ReuseAsync(
        CheckoutSession earlier, CheckoutSession draft, OrgLease lease, CancellationToken cancellationToken)
    {
        var isSame = SessionParameters.FromJson(earlier.Parameters).IsSamePageAs(SessionParameters.FromJson(draft.Parameters));
        if (!isSame || earlier.ExpiresAt - time.GetUtcNow() < ReuseMargin)
        {
            return null;
        }
        if (earlier.SessionId is null)
        {
            return await intents.ReopenAsync(earlier, lease, cancellationToken);
        }
        return await intents.IsPayableAsync(earlier, cancellationToken) ? earlier : null;
    }
}
