using System.Net;

namespace Stripe;

/// <summary>
/// Stripe refused a call, answered what cannot be read, or a webhook did not verify or parse. A connection that fails after
/// all retries is an <see cref="HttpRequestException"/> instead, a timeout an <see cref="OperationCanceledException"/>.
/// </summary>
public class StripeException : Exception
{
    public StripeException()
    {
    }

    public StripeException(string message)
        : base(message)
    {
    }

    public StripeException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public StripeException(HttpStatusCode httpStatusCode, StripeError? stripeError, string message)
        : base(message)
    {
        HttpStatusCode = httpStatusCode;
        StripeError = stripeError;
    }

    /// <summary>Zero when no HTTP answer is behind the exception.</summary>
    public HttpStatusCode HttpStatusCode { get; set; }

    /// <summary>Null when the answer was no Stripe error, such as the page of a proxy.</summary>
    public StripeError? StripeError { get; set; }

    public StripeResponse? StripeResponse { get; set; }
}
