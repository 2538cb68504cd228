using System.Reflection;
using Billing.Api;

namespace Billing.Credits;

/// <summary>A hold as the API names it: <c>hold_</c> and 32 hexadecimal digits. What is no such id is not found.</summary>
internal sealed record HoldId(Guid Value)
{
    private const string Prefix = "hold_";

    public static string Of(Guid id) => $"{Prefix}{id:N}";

    /// <exception cref="ApiException">404: no hold has this id.</exception>
    public static ValueTask<HoldId?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var text = context.Request.RouteValues["id"]?.ToString() ?? "";
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(text[Prefix.Length..], "N", out var id)
            ? ValueTask.FromResult<HoldId?>(new HoldId(id))
            : throw new ApiException(NotFound());
    }

    public static ApiError NotFound() => ApiError.NotFound("This org has no such hold.");
}
