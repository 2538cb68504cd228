using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Billing.Api;
using Billing.Tokens;
using Microsoft.Extensions.Options;

namespace Billing.Authentication;

/// <summary>
/// Finds out who shows a credential. Keys that the database does not know are counted by address, and an address that showed too many
/// has no more looked up; tokens, and the keys that this host knows already, go on working, for it may be a proxy or an office with one
/// guesser in it. What costs no query is not counted.
/// </summary>
internal sealed class Credentials(ApiKeys keys, TokenSigner tokens, IOptions<BillingOptions> options, TimeProvider time) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _wrong = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.Get(address, _ => new MinuteLimiter(options.Value.RateLimits.BadCredentials, time, settles: true)));

    /// <summary>By address and key: those who show the same key meanwhile get the same answer, for one query and one permit.</summary>
    private readonly ConcurrentDictionary<(string, string), Lazy<Task<Result<KeyHolder>>>> _lookups = new();

    /// <summary>Whom the credential belongs to, or the refusal: 401, or 429 for an address that guesses.</summary>
    public async Task<Result<KeyHolder>> IdentifyAsync(string credential, IPAddress? address, CancellationToken cancellationToken)
    {
        if (TokenSigner.LooksLikeToken(credential))
        {
            return await tokens.VerifyAsync(credential) is { } token ? token : ApiError.Unauthenticated();
        }
        if (keys.HashOf(credential) is not { } hash)
        {
            return ApiError.Unauthenticated();
        }
        if (keys.Recall(hash) is { } holder)
        {
            return holder;
        }
        var (bucket, id) = (BucketOf(address), Convert.ToBase64String(hash));
        var lookup = _lookups.GetOrAdd((bucket, id), key => new Lazy<Task<Result<KeyHolder>>>(async () =>
        {
            try
            {
                return await LookUpAsync(hash, bucket);
            }
            finally
            {
                _lookups.TryRemove(key, out _);
            }
        }));
        return await lookup.Value.WaitAsync(cancellationToken);
    }

    /// <summary>Not cancelled by a client that hangs up, as others may wait for the answer too.</summary>
    private async Task<Result<KeyHolder>> LookUpAsync(byte[] hash, string bucket)
    {
        if (keys.Knows(hash))
        {
            return await FindAsync(hash) is { } known ? known : ApiError.Unauthenticated();
        }

        // Counted before the query, so that guesses at the same time are too; given back if it was none, or if the database failed.
        var lease = (MinuteLimiter.Lease)_wrong.AttemptAcquire(bucket);
        if (!lease.IsAcquired)
        {
            lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
            return ApiError.RateLimited(wait);
        }
        var isWrong = false;
        try
        {
            var holder = await FindAsync(hash);
            isWrong = holder is null;
            return isWrong ? ApiError.Unauthenticated() : holder!;
        }
        finally
        {
            lease.Settle(counts: isWrong);
        }
    }

    private Task<KeyHolder?> FindAsync(byte[] hash) => keys.FindAsync(hash, CancellationToken.None);

    public void Dispose() => _wrong.Dispose();

    /// <summary>Whoever has one IPv6 address mostly has its /64.</summary>
    private static string BucketOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
