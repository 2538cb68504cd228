using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Billing.Api;
using Billing.Tokens;
using Microsoft.Extensions.Options;

namespace Billing.Authentication;

/// <summary>
/// Finds out who shows a credential. Wrong ones are counted by address, and an address that showed too many has no more looked up; its
/// tokens, and the keys that this host knows already, go on working, for it may be a proxy or an office with one guesser in it.
/// </summary>
internal sealed class Credentials(ApiKeys keys, TokenSigner tokens, IOptions<BillingOptions> options, TimeProvider time) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _wrong = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.Get(address, _ => new MinuteLimiter(options.Value.RateLimits.BadCredentials, time)));

    /// <summary>Whom the credential belongs to, or the refusal: 401, or 429 for an address that guesses.</summary>
    public async Task<Result<KeyHolder>> IdentifyAsync(string credential, IPAddress? address, CancellationToken cancellationToken)
    {
        if (TokenSigner.LooksLikeToken(credential) && await tokens.VerifyAsync(credential) is { } token)
        {
            return token;
        }
        if (keys.Knows(credential) && await keys.FindAsync(credential, cancellationToken) is { } known)
        {
            return known;
        }

        // Counted before the query, so that guesses at the same time are too; given back if it was none, or if the database failed.
        var lease = (MinuteLimiter.Lease)_wrong.AttemptAcquire(BucketOf(address));
        if (!lease.IsAcquired)
        {
            lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
            return ApiError.RateLimited(wait);
        }
        var isWrong = false;
        try
        {
            var holder = await keys.FindAsync(credential, cancellationToken);
            isWrong = holder is null;
            return isWrong ? ApiError.Unauthenticated() : holder!;
        }
        finally
        {
            if (!isWrong)
            {
                lease.GiveBack();
            }
        }
    }

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
