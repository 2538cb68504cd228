namespace Billing.Api;

/// <summary>A refusal found where no result can be returned, such as while the framework binds a request.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Code)
{
    public ApiError Error { get; } = error;
}
