namespace Billing.Api;

/// <summary>The one error shape of every response that is not a success, framework errors included.</summary>
internal sealed record ErrorResponse(bool Success, ErrorBody Error, ErrorMetadata Metadata);

internal sealed record ErrorBody(string Code, string Message, object? Details);

internal sealed record ErrorMetadata(string RequestId, DateTimeOffset Timestamp);
