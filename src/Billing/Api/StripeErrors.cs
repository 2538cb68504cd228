using System.Net;

namespace Billing.Api;

/// <summary>
/// What Stripe's errors mean to our callers. A definite refusal is 502; whatever may pass with the same request later
/// (rate limit, lock timeout, Stripe's own trouble) is 503. Stripe's words go to the log only: FACTS A.4.
/// </summary>
internal static partial class StripeErrors
{
    /// <summary>True when Stripe certainly did nothing, so that a new attempt needs a new idempotency key (FACTS A.5).</summary>
    public static bool IsDefinite(Stripe.StripeException exception) =>
        (int)exception.HttpStatusCode is >= 400 and < 500 and not (int)HttpStatusCode.Conflict and not (int)HttpStatusCode.TooManyRequests;

    public static bool IsMissing(Stripe.StripeException exception) => exception.StripeError?.Code == "resource_missing";

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
