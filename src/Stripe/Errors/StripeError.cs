namespace Stripe;

/// <summary>The <c>error</c> object of a refused call (docs.stripe.com/api/errors). Every field may be absent.</summary>
public sealed class StripeError
{
    /// <summary>For programs, such as <c>resource_missing</c>; not every error has one.</summary>
    public string? Code { get; set; }

    /// <summary>Why a card was declined, when <see cref="Code"/> is <c>card_declined</c>.</summary>
    public string? DeclineCode { get; set; }

    public string? DocUrl { get; set; }

    /// <summary>For developers, except that the message of a <c>card_error</c> is fit for the buyer.</summary>
    public string? Message { get; set; }

    /// <summary>The parameter at fault.</summary>
    public string? Param { get; set; }

    /// <summary><c>invalid_request_error</c>, <c>card_error</c>, <c>idempotency_error</c>, <c>api_error</c>, ...</summary>
    public string? Type { get; set; }
}
