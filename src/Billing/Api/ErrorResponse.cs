namespace Billing.Api;

/// <summary>The one error shape of every response that is not a success, framework errors included.</summary>
/// <param name="Success">Always false.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Metadata">What to quote when asking about it.</param>
internal sealed record ErrorResponse(bool Success, ErrorBody Error, ErrorMetadata Metadata)
{
    public static ErrorResponse Of(ApiError error, string requestId, DateTimeOffset timestamp) =>
        new(Success: false, new ErrorBody(error.Code, error.Message, error.Details), new ErrorMetadata(requestId, timestamp));
}

/// <param name="Code">What programs branch on.</param>
/// <param name="Message">A sentence for people; may change.</param>
/// <param name="Details">What a program needs to act on it; null with most codes.</param>
internal sealed record ErrorBody(string Code, string Message, object? Details);

/// <param name="RequestId">The same as the <c>X-Request-Id</c> header.</param>
/// <param name="Timestamp">When the answer was made.</param>
internal sealed record ErrorMetadata(string RequestId, DateTimeOffset Timestamp);
