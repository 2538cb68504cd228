namespace Billing.Api;

/// <summary>A refusal as clients see it: DESIGN section 3, "Errors". Holds no exception text, SQL or secret.</summary>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Code">A stable, upper-case code that programs branch on.</param>
/// <param name="Message">A sentence for people; may change.</param>
/// <param name="Details">What a program needs to act on it; serialised as it is.</param>
internal sealed record ApiError(int Status, string Code, string Message, object? Details = null)
{
    /// <summary>When to try again; sent as <c>Retry-After</c>, rounded up to whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ApiError Validation(params IReadOnlyList<FieldError> errors) =>
        new(400, "VALIDATION_ERROR", "The request is not valid.", new ValidationDetails(errors));

    public static ApiError BadRequest(string message) => new(400, "VALIDATION_ERROR", message, new ValidationDetails([]));

    public static ApiError NoBillingHistory() => new(
        400, "NO_BILLING_HISTORY", "This org has bought nothing yet, so it has no billing portal. Start a checkout first.");

    public static ApiError Unauthenticated() =>
        new(401, "AUTH_ERROR", "Send a valid API key or browser token as 'Authorization: Bearer <key>'.");

    public static ApiError InsufficientCredits(long balance, long available) => new(
        402, "INSUFFICIENT_CREDITS", "The org has not so many credits available. Nothing was taken.", new CreditDetails(balance, available));

    public static ApiError Forbidden(string message) => new(403, "FORBIDDEN", message);

    public static ApiError NotFound(string message) => new(404, "NOT_FOUND", message);

    public static ApiError MethodNotAllowed() => new(405, "METHOD_NOT_ALLOWED", "This path does not take that method; see the Allow header.");

    /// <param name="reason">A stable word in <c>details.reason</c> that says which conflict it is.</param>
    /// <param name="message">What stands in the way and what to do about it.</param>
    public static ApiError Conflict(string reason, string message) => new(409, "CONFLICT", message, new ConflictDetails(reason));

    /// <summary>The same work is under way for somebody else; a moment later the request may pass.</summary>
    public static ApiError InProgress(string message) => Conflict("in_progress", message) with { RetryAfter = TimeSpan.FromSeconds(1) };

    public static ApiError PayloadTooLarge() => new(413, "PAYLOAD_TOO_LARGE", "The request body is too large.");

    public static ApiError UnsupportedMediaType() => new(415, "UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.");

    public static ApiError IdempotencyKeyReused() =>
        new(422, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was sent with another request before. Use a new key for a new request.");

    /// <param name="wait">After this time the same request is let in, if no other comes between.</param>
    public static ApiError RateLimited(TimeSpan wait) =>
        new(429, "RATE_LIMIT", "Too many requests. Try again when Retry-After has passed.") { RetryAfter = wait };

    public static ApiError StripeRefused() =>
        new(502, "STRIPE_ERROR", "The payment provider refused the request. The operator finds the cause in the log under this request id.");

    public static ApiError Unavailable(string message) =>
        new(503, "UNAVAILABLE", message) { RetryAfter = TimeSpan.FromSeconds(2) };

    public static ApiError Internal() => new(500, "INTERNAL_ERROR", "Something went wrong on our side.");
}

/// <summary>One thing wrong with one field.</summary>
/// <param name="Path">The field as the client named it; a header is named as it is.</param>
/// <param name="Message">What it must be; may change.</param>
/// <param name="Code">A stable word, such as <c>required</c> or <c>unknown_field</c>.</param>
internal sealed record FieldError(string Path, string Message, string Code);

/// <param name="Errors">With <c>VALIDATION_ERROR</c>: every field that is wrong; empty if it is not about one field.</param>
internal sealed record ValidationDetails(IReadOnlyList<FieldError> Errors);

/// <param name="Reason">With <c>CONFLICT</c>: which one it is; the call lists its reasons.</param>
internal sealed record ConflictDetails(string Reason);

/// <param name="Balance">The balance, of which nothing was taken.</param>
/// <param name="Available">What can be spent.</param>
internal sealed record CreditDetails(long Balance, long Available);
