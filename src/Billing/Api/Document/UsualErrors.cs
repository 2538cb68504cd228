using System.Globalization;

namespace Billing.Api.Document;

/// <summary>The error that a status means wherever nothing more special is said, and how the contract describes it.</summary>
internal static class UsualErrors
{
    public static readonly IReadOnlyDictionary<int, UsualError> ByStatus = new UsualError[]
    {
        new(
            ApiError.Validation(new FieldError("price_id", "'price_id' is not a field of this request.", "unknown_field")),
            "The request is not valid; nothing was changed. `details.errors` names what is wrong with each field."),
        new(ApiError.Unauthenticated(), "There is no credential, or it is not valid (any more)."),
        new(ApiError.Forbidden("This key's role does not allow the call."), "The credential does not allow this: its role is too low, or it belongs to another org."),
        new(ApiError.NotFound("There is no such org."), "The org does not exist."),
        new(ApiError.MethodNotAllowed(), "The path does not take this method."),
        new(
            ApiError.InProgress("Another purchase of this org is being made. Try again in a moment."),
            "The same work is being done right now; see `Retry-After`."),
        new(ApiError.PayloadTooLarge(), "The body is too large."),
        new(ApiError.UnsupportedMediaType(), "The body is not `application/json`."),
        new(ApiError.IdempotencyKeyReused(), "The `Idempotency-Key` named another request within the last 24 hours. Nothing was done."),
        new(ApiError.RateLimited(TimeSpan.FromSeconds(12)), "Too many requests under this credential; see `Retry-After`."),
        new(ApiError.Internal(), "Something went wrong on our side."),
        new(ApiError.StripeRefused(), "Stripe refused what the call asked of it. Trying again does not help; the operator finds the cause in the log."),
        new(ApiError.Unavailable("The database cannot be reached. Try again; nothing is lost."), "Something that the call needs does not answer. Nothing is lost: try again after `Retry-After`."),
    }.ToDictionary(usual => usual.Error.Status);

    /// <summary>What tells this error from others of its status, as a name: the reason of a conflict, else the code.</summary>
    public static string NameOf(ApiError error) => error.Details is ConflictDetails { Reason: var reason } ? reason : error.Code;
}

/// <param name="Error">As it is answered; the example.</param>
/// <param name="Description">What it tells the caller, in Markdown.</param>
internal sealed record UsualError(ApiError Error, string Description)
{
    /// <summary>The name of the shared answer, such as <c>ValidationError</c>.</summary>
    public string AnswerName => CultureInfo.InvariantCulture.TextInfo
        .ToTitleCase(UsualErrors.NameOf(Error).ToLowerInvariant().Replace('_', ' ')).Replace(" ", "", StringComparison.Ordinal);
}
