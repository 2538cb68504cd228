using Billing.Api;
using Billing.Persistence;
using Billing.Status;
using Microsoft.EntityFrameworkCore;

namespace Billing.Orgs;

/// <summary>
/// The name and e-mail address of an org, here and at Stripe. Stripe is told first and our row is written after it, so a failure in
/// between shows in <see cref="Org.ProfilePending"/>, and whatever is saved next mends it.
/// </summary>
internal sealed class OrgProfiles(
    OrgLeases leases, StripeCustomers customers, OrgStatus status, IDbContextFactory<BillingDb> databases, TimeProvider time)
{
    public async Task<Result<OrgResponse>> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!OrgId.IsValid(id))
        {
            return WrongId();
        }
        if (await ReadAsync(id, cancellationToken) is not { } org)
        {
            return ApiError.NotFound("There is no such org.");
        }
        var plan = (await status.ReadAsync(id, cancellationToken)).Plan;
        return new OrgResponse(org.Id, org.Name, org.Email, plan, org.CreatedAt);
    }

    /// <summary>Makes the org, or replaces its profile. Of two at the same time one is the last, here and at Stripe.</summary>
    /// <param name="id">The SaaS's own id.</param>
    /// <param name="wanted">Validated.</param>
    /// <param name="cancellationToken">Giving up half way is safe: the next request goes on from there.</param>
    public async Task<Result<OrgResponse>> SaveAsync(string id, OrgProfile wanted, CancellationToken cancellationToken)
    {
        if (!OrgId.IsValid(id))
        {
            return WrongId();
        }
        if (!await CreateAsync(id, wanted, cancellationToken) && await ChangeAsync(id, wanted, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        var saved = await FindAsync(id, cancellationToken);
        return saved.Error is null ? saved.Value with { Name = wanted.Name, Email = wanted.Email } : saved;
    }

    private async Task<bool> CreateAsync(string id, OrgProfile wanted, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.CreateOrgAsync(id, wanted, time.GetUtcNow(), cancellationToken);
    }

    private async Task<ApiError?> ChangeAsync(string id, OrgProfile wanted, CancellationToken cancellationToken)
    {
        if (await ReadAsync(id, cancellationToken) is { ProfilePending: false } org && new OrgProfile(org.Name, org.Email) == wanted)
        {
            return null;
        }
        // Even without a customer: a checkout that is making one has read the profile and would not see another.
        await using var lease = await leases.AcquireAsync(id, cancellationToken);
        if (lease is null)
        {
            return ApiError.Unavailable("Another request of this org is under way. Try again in a moment; nothing is lost.");
        }

        // Work must not outlive the lease; the margin is for the last write.
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(OrgLeases.Duration - TimeSpan.FromSeconds(10));
        try
        {
            while (!await TryChangeAsync(wanted, lease, bounded.Token))
            {
            }
            return null;
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused) && refused.StripeError?.Param == "email")
        {
            return ApiError.Validation(new FieldError("email", "The payment provider does not take this e-mail address.", "invalid_email"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ApiError.Unavailable("The payment provider took too long. Try again; nothing is lost.");
        }
    }

    /// <summary>False if an event has told meanwhile of a customer that does not know the profile yet.</summary>
    private async Task<bool> TryChangeAsync(OrgProfile wanted, OrgLease lease, CancellationToken cancellationToken)
    {
        var customer = await databases.TransactAsync(async db =>
        {
            var org = await lease.LockOrgAsync(db, cancellationToken);
            org.ProfilePending = org.StripeCustomerId is not null;
            return org.StripeCustomerId;
        }, cancellationToken);
        if (customer is not null && !await customers.TellAsync(customer, wanted, cancellationToken))
        {
            await customers.ForgetAsync(customer, lease, cancellationToken);
            customer = null;
        }
        return await databases.TransactAsync(async db =>
        {
            var org = await lease.LockOrgAsync(db, cancellationToken);
            if (org.StripeCustomerId is { } present && present != customer)
            {
                return false;
            }
            (org.Name, org.Email, org.ProfilePending) = (wanted.Name, wanted.Email, customer is null);
            return true;
        }, cancellationToken);
    }

    private async Task<Org?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Orgs.AsNoTracking().SingleOrDefaultAsync(org => org.Id == id, cancellationToken);
    }

    private static ApiError WrongId() => ApiError.Validation(new FieldError("id", OrgId.Rule, "invalid_org"));
}
