using Billing.Persistence;
using Microsoft.AspNetCore.Diagnostics;

namespace Billing.Api;

/// <summary>The one place where exceptions and bare framework statuses become the error shape.</summary>
internal sealed partial class ErrorHandling(ILogger<ErrorHandling> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await new ErrorResult(ErrorFor(exception)).ExecuteAsync(context);
        return true;
    }

    /// <summary>Gives statuses that the framework sets without a body (404, 405, 413, 415) their body.</summary>
    public static Task WriteStatusAsync(StatusCodeContext status)
    {
        var error = ErrorFor(status.HttpContext.Response.StatusCode);
        return new ErrorResult(error).ExecuteAsync(status.HttpContext);
    }

    private ApiError ErrorFor(Exception exception)
    {
        switch (exception)
        {
            case ApiException refused:
                return refused.Error;
            case BadHttpRequestException bad:
                return ErrorFor(bad.StatusCode);
            case Stripe.StripeException stripe:
                return StripeErrors.ToApiError(stripe, log);
            case HttpRequestException or OperationCanceledException { InnerException: TimeoutException }:
                LogStripeUnreachable(exception);
                return ApiError.Unavailable("The payment provider cannot be reached. Try again; nothing is lost.");
            case var _ when DatabaseErrors.IsSchemaUnusable(exception):
                LogSchemaUnusable(DatabaseErrors.Reason(exception), DatabaseErrors.SchemaAdvice);
                return ApiError.Unavailable("The database is not set up. Try again later; nothing is lost.");
            case var _ when DatabaseErrors.IsUnavailable(exception):
                LogDatabaseUnavailable(exception.GetBaseException().Message);
                return ApiError.Unavailable("The database cannot be reached. Try again; nothing is lost.");
            default:
                LogUnhandled(exception);
                return ApiError.Internal();
        }
    }

    private static ApiError ErrorFor(int status) => status switch
    {
        401 => ApiError.Unauthenticated(),
        403 => ApiError.Forbidden("The credential does not allow this call."),
        404 => ApiError.NotFound("There is nothing at this path."),
        405 => ApiError.MethodNotAllowed(),
        413 => ApiError.PayloadTooLarge(),
        415 => ApiError.UnsupportedMediaType(),
        >= 500 => ApiError.Internal(),
        _ => ApiError.BadRequest("The request cannot be read.") with { Status = status },
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stripe cannot be reached")]
    private partial void LogStripeUnreachable(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Database unavailable: {Reason}")]
    private partial void LogDatabaseUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Database unusable: {Reason}. {Advice}")]
    private partial void LogSchemaUnusable(string reason, string advice);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unhandled exception")]
    private partial void LogUnhandled(Exception exception);
}
