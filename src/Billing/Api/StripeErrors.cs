using System.Net;

namespace Billing.Api;

/// <summary>
/// What Stripe's errors mean to our callers. A definite refusal is 502; whatever may pass with the same request later
/// (rate limit, lock timeout, Stripe's own trouble) is 503. Stripe's words go to the log only: FACTS A.4.
/// </summary>
internal static partial class StripeErrors
{
    /// <summary>Stripe refused, and nothing was made: not a conflict with a request under way, not a rate limit, not its own trouble.</summary>
    public static bool IsDefinite(Stripe.StripeException exception) =>
        (int)exception.HttpStatusCode is >= 400 and < 500 and not (int)HttpStatusCode.Conflict and not (int)HttpStatusCode.TooManyRequests;

    /// <summary>The object that the call is about, or the one that <paramref name="param"/> names, does not exist at Stripe.</summary>
    public static bool IsMissing(Stripe.StripeException exception, string? param = null) =>
        exception.StripeError is { Code: "resource_missing" } error && (param is null || error.Param == param);

    /// <summary>
    /// Trying again under the same idempotency key would give the same failure for a day: Stripe keeps refusals, and 500s too once the
    /// work had begun, and says so by replaying them (FACTS A.5).
    /// </summary>
    public static bool NeedsNewKey(Stripe.StripeException exception) =>
        IsDefinite(exception)
        || (exception.StripeResponse?.Headers?.TryGetValues("Idempotent-Replayed", out var replayed) == true && replayed.Contains("true"));

    public static ApiError ToApiError(Stripe.StripeException exception, ILogger log)
    {
        LogStripeError(
            log, (int)exception.HttpStatusCode, exception.StripeError?.Type, exception.StripeError?.Code, exception.StripeError?.Param,
            exception.StripeResponse?.RequestId);
        return IsDefinite(exception)
            ? ApiError.StripeRefused()
            : ApiError.Unavailable("The payment provider is not answering as it should. Try again; nothing is lost.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Stripe answered {StripeStatus} {StripeType} {StripeCode} on {StripeParam}, request {StripeRequestId}")]
    private static partial void LogStripeError(
        ILogger log, int stripeStatus, string? stripeType, string? stripeCode, string? stripeParam, string? stripeRequestId);
}
