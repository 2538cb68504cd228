using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Billing.Authentication;

/// <summary>Makes keys and finds who a presented key belongs to.</summary>
internal sealed class ApiKeys(IDbContextFactory<BillingDb> databases, IOptions<StripeOptions> stripe, TimeProvider time) : IDisposable
{
    /// <summary>How long a revoked key may go on working on a host; the contract allows 30 s.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(15);

    // By hash, never by key. Bounded; only keys that exist get in, so junk cannot push them out.
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <summary>Makes a key and, if it is for one org, the org's row.</summary>
    /// <param name="role">What the key may do.</param>
    /// <param name="orgId">The org it belongs to; null exactly for service and operator keys.</param>
    /// <param name="name">A label for people.</param>
    /// <returns>The key. This is the only time that it can be seen.</returns>
    public async Task<string> CreateAsync(Role role, string? orgId, string name, CancellationToken cancellationToken)
    {
        var key = KeyMaterial.NewKey(stripe.Value.Livemode);
        var now = time.GetUtcNow();
        return await databases.TransactAsync(async db =>
        {
            if (orgId is not null)
            {
                await db.EnsureOrgAsync(orgId, customerId: null, now, cancellationToken);
            }
            db.ApiKeys.Add(new ApiKey
            {
                Id = "key_" + Guid.CreateVersion7().ToString("N"),
                Hash = KeyMaterial.Hash(key, stripe.Value.Livemode)!,
                Role = role,
                OrgId = orgId,
                Name = name,
                CreatedAt = now,
            });
            return key;
        }, cancellationToken);
    }

    /// <summary>Who holds this key, or null if nobody does (any more).</summary>
    public async ValueTask<KeyHolder?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (KeyMaterial.Hash(key, stripe.Value.Livemode) is not { } hash)
        {
            return null;
        }

        var cacheKey = Convert.ToBase64String(hash);
        if (_known.TryGetValue(cacheKey, out KeyHolder? holder))
        {
            return holder;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        holder = await db.ApiKeys.AsNoTracking()
            .Where(k => k.Hash == hash && k.RevokedAt == null)
            .Select(k => new KeyHolder(k.Id, k.Role, k.OrgId))
            .SingleOrDefaultAsync(cancellationToken);
        if (holder is not null)
        {
            _known.Set(cacheKey, holder, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Freshness, Size = 1 });
        }
        return holder;
    }

    public void Dispose() => _known.Dispose();
}

/// <summary>Whom a key belongs to.</summary>
internal sealed record KeyHolder(string KeyId, Role Role, string? OrgId);
