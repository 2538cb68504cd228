using Billing.Api;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Orgs;

/// <summary>
/// Lets one host at a time do long work for an org, such as talking to Stripe: no transaction or row lock spans a Stripe call (DESIGN
/// rule 10). Times are the database's, so that hosts need not agree on theirs; a holder that died is succeeded when its time is up.
/// </summary>
internal sealed class OrgLeases(IDbContextFactory<BillingDb> databases)
{
    /// <summary>The longest that work under a lease may take; longer than its Stripe calls are allowed to.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Takes the lease, waiting up to 10 s for another holder; null if that was not enough.</summary>
    public async Task<OrgLease?> AcquireAsync(string orgId, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await TryTakeAsync(orgId, cancellationToken) is { } fence)
            {
                return new OrgLease(orgId, fence, databases);
            }
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                return null;
            }
            await Task.Delay(Random.Shared.Next(40, 120), cancellationToken);
        }
    }

    private async Task<long?> TryTakeAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Not cancelled by a client that hangs up: a lease taken without our learning of it would hold up the org until it runs out.
        var taken = await db.Database.SqlQuery<long>(
            $"""
            UPDATE orgs SET lease_fence = lease_fence + 1, lease_until = clock_timestamp() + {Duration}
            WHERE id = {orgId} AND (lease_until IS NULL OR lease_until < clock_timestamp())
            RETURNING lease_fence AS "Value"
            """).ToListAsync(CancellationToken.None);
        return taken is [var fence] ? fence : null;
    }
}

/// <summary>Long work on an org that this process may do until the lease is disposed or runs out.</summary>
internal sealed class OrgLease(string orgId, long fence, IDbContextFactory<BillingDb> databases) : IAsyncDisposable
{
    /// <summary>Locks the org in this transaction and makes sure that the lease still holds.</summary>
    /// <exception cref="ApiException">503: another holder has taken over.</exception>
    public async Task<Org> LockOrgAsync(BillingDb db, CancellationToken cancellationToken)
    {
        var org = await db.LockOrgAsync(orgId, cancellationToken);
        return org?.LeaseFence == fence
            ? org
            : throw new ApiException(ApiError.Unavailable("The request took too long and was given up. Try again; nothing is lost."));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            await db.Database.ExecuteSqlAsync($"UPDATE orgs SET lease_until = NULL WHERE id = {orgId} AND lease_fence = {fence}");
        }
        catch (Exception outage) when (DatabaseErrors.IsUnavailable(outage))
        {
            // The work is done and must be answered; the lease runs out by itself.
        }
    }
}
