using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Billing.Authentication;

/// <summary>Makes, lists and revokes keys, and finds who a presented key belongs to.</summary>
internal sealed class ApiKeys(IDbContextFactory<BillingDb> databases, IOptions<StripeOptions> stripe, TimeProvider time) : IDisposable
{
    /// <summary>How long a revoked key may go on working on a host; the contract allows 30 s.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(15);

    /// <summary>How long a host remembers that a key was good, although it asks again before it relies on that.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    // By hash, never by key. Bounded; only keys that exist get in, so junk cannot push them out.
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <summary>Makes a key and, if it is for one org, the org's row.</summary>
    /// <param name="role">What the key may do.</param>
    /// <param name="orgId">The org it belongs to; null exactly for service and operator keys.</param>
    /// <param name="name">A label for people.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <param name="also">Written in the same transaction.</param>
    /// <returns>The key, which can be seen this once.</returns>
    public async Task<NewApiKey> CreateAsync(
        Role role, string? orgId, string name, CancellationToken cancellationToken, Action<BillingDb, ApiKey>? also = null)
    {
        var key = KeyMaterial.NewKey(stripe.Value.Livemode);
        var now = time.GetUtcNow();
        return await databases.TransactAsync(async db =>
        {
            if (orgId is not null)
            {
                await db.EnsureOrgAsync(orgId, customerId: null, now, cancellationToken);
            }
            var row = new ApiKey
            {
                Id = "key_" + Guid.CreateVersion7().ToString("N"),
                Hash = KeyMaterial.Hash(key, stripe.Value.Livemode)!,
                Role = role,
                OrgId = orgId,
                Name = name,
                CreatedAt = now,
            };
            db.ApiKeys.Add(row);
            also?.Invoke(db, row);
            return new NewApiKey(row.Id, key);
        }, cancellationToken);
    }

    /// <summary>The keys of this org, or of all and none, oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(string? orgId, bool includeRevoked, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ApiKeys.AsNoTracking()
            .Where(key => (orgId == null || key.OrgId == orgId) && (includeRevoked || key.RevokedAt == null))
            .OrderBy(key => key.CreatedAt).ThenBy(key => key.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends a key for good: no host takes it any more in 30 s. Safe to repeat; the first time stays on record.</summary>
    /// <param name="id">Of the key.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <param name="also">Written in the transaction that revokes it, so only the first time.</param>
    /// <returns>The key as it is then, or null if there is no such key.</returns>
    public Task<ApiKey?> RevokeAsync(string id, CancellationToken cancellationToken, Action<BillingDb, ApiKey>? also = null) =>
        databases.TransactAsync(async db =>
        {
            var key = await db.ApiKeys.FromSql($"SELECT * FROM api_keys WHERE id = {id} FOR UPDATE").SingleOrDefaultAsync(cancellationToken);
            if (key is { RevokedAt: null })
            {
                key.RevokedAt = time.GetUtcNow();
                also?.Invoke(db, key);
            }
            return key;
        }, cancellationToken);

    /// <summary>The hash by which the other calls know a key, or null for what cannot be a key of this mode.</summary>
    public byte[]? HashOf(string key) => KeyMaterial.Hash(key, stripe.Value.Livemode);

    /// <summary>Whether this host has found the key good within the last hour. It may have been revoked since.</summary>
    public bool Knows(byte[] hash) => _known.TryGetValue(CacheKey(hash), out _);

    /// <summary>Who holds this key, if this host asked the database a moment ago.</summary>
    public KeyHolder? Recall(byte[] hash) =>
        _known.TryGetValue(CacheKey(hash), out KnownKey? known) && (time.GetUtcNow() - known!.ReadAt).Duration() < Freshness ? known.Holder : null;

    /// <summary>Who holds this key according to the database, or null if nobody does (any more).</summary>
    public async Task<KeyHolder?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var holder = await db.ApiKeys.AsNoTracking()
            .Where(k => k.Hash == hash && k.RevokedAt == null)
            .Select(k => new KeyHolder(k.Id, k.Role, k.OrgId))
            .SingleOrDefaultAsync(cancellationToken);
        if (holder is null)
        {
            _known.Remove(CacheKey(hash));
        }
        else
        {
            _known.Set(CacheKey(hash), new KnownKey(holder, now), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Memory, Size = 1 });
        }
        return holder;
    }

    public void Dispose() => _known.Dispose();

    private static string CacheKey(byte[] hash) => Convert.ToBase64String(hash);

    private sealed record KnownKey(KeyHolder Holder, DateTimeOffset ReadAt);
}

/// <param name="Id">What it is listed and revoked by.</param>
/// <param name="Key">The secret itself.</param>
internal sealed record NewApiKey(string Id, string Key);
