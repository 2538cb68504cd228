using StripeSandbox.Protocol;

namespace StripeSandbox.Faults;

/// <summary>What happens to an API call.</summary>
public enum CallFaultKind
{
    /// <summary>Answered with <see cref="CallFault.Status"/> and an <c>api_error</c>.</summary>
    Error,

    /// <summary>Answered with 429, <c>rate_limit</c>.</summary>
    RateLimit,

    /// <summary>Answered with 429, <c>lock_timeout</c>.</summary>
    LockTimeout,

    /// <summary>No answer for <see cref="CallFault.Wait"/>, then the connection is dropped.</summary>
    Timeout,

    /// <summary>The connection is dropped.</summary>
    Drop,

    /// <summary>The right answer, after <see cref="CallFault.Wait"/>.</summary>
    Slow,
}

/// <summary>A fault of calls to the API, of all accounts. The call is not carried out, unless <see cref="AfterCommit"/> says so or it is only slow.</summary>
public sealed record CallFault(CallFaultKind Kind) : Fault
{
    /// <summary>
    /// Which calls: method and path, such as <c>GET /v1/subscriptions/{id}</c>. A segment in braces fits any one, and an id in its
    /// place only that object; <c>*</c> at the end fits the rest; <c>*</c> as the method fits all. Default: <c>*</c>, every call.
    /// </summary>
    public string Operation { get; init; } = "*";

    /// <summary>
    /// The call is carried out and committed first, and the caller does not learn of it: a retry with the same idempotency key
    /// gets the true answer. Not with the 429s, that Stripe gives before it begins. Default false.
    /// </summary>
    public bool AfterCommit { get; init; }

    /// <summary>The status of an <see cref="CallFaultKind.Error"/>: 500 (default), 502, 503 or 504.</summary>
    public int Status { get; init; } = 500;

    /// <summary>How long <see cref="CallFaultKind.Timeout"/> and <see cref="CallFaultKind.Slow"/> take, by the real clock. Default 1 s; at most 10 minutes.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The <c>Retry-After</c> of an error or 429, in whole seconds. Default: null, none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The <c>Stripe-Should-Retry</c> of an error or 429. Default: null, none.</summary>
    public bool? ShouldRetry { get; init; }

    internal bool Fits(string method, string path) => CallPattern.Parse(Operation).Fits(method, path);

    internal override void Validate()
    {
        base.Validate();
        Require(Operations.Everything().All.Any(operation => Fits(operation.Method, operation.Path)),
            $"{nameof(Operation)} '{Operation}' fits no call of the sandbox. Write it as 'GET /v1/subscriptions/{{id}}', or '*'.");
        Require(Status is 500 or 502 or 503 or 504, $"{nameof(Status)} must be 500, 502, 503 or 504.");
        Require(Wait > TimeSpan.Zero && Wait <= TimeSpan.FromMinutes(10), $"{nameof(Wait)} must lie above 0 and be at most 10 minutes.");
        Require(RetryAfter is null or >= 0, $"{nameof(RetryAfter)} may not be negative.");
        Require(!AfterCommit || Kind is not (CallFaultKind.RateLimit or CallFaultKind.LockTimeout), "A 429 comes before the call is carried out.");
    }
}
