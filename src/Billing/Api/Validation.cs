using System.Text.Json;
using FluentValidation;

namespace Billing.Api;

/// <summary>Runs the validator of a request before its endpoint.</summary>
internal static class Validation
{
    /// <summary>Adds a filter that refuses a <see cref="Body{T}"/> which its <see cref="IValidator{T}"/> finds wrong, naming every wrong field.</summary>
    public static RouteHandlerBuilder Validates<T>(this RouteHandlerBuilder endpoint) where T : class =>
        endpoint.TakesJson<T>().AddEndpointFilter(async (context, next) =>
        {
            var body = context.Arguments.OfType<Body<T>>().Single();
            var validator = context.HttpContext.RequestServices.GetRequiredService<IValidator<T>>();
            var result = await validator.ValidateAsync(body.Value, context.HttpContext.RequestAborted);
            if (result.IsValid)
            {
                return await next(context);
            }
            var errors = result.Errors.Select(failure => new FieldError(
                JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.PropertyName), failure.ErrorMessage, failure.ErrorCode));
            return new ErrorResult(ApiError.Validation([.. errors]));
        });
}
