using System.Reflection;
using Billing.Authentication;

namespace Billing.Operations;

/// <summary>The operator's key that a call was made with.</summary>
internal sealed record OperatorKey(string KeyId)
{
    public static ValueTask<OperatorKey?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<OperatorKey?>(new OperatorKey(context.Features.Get<KeyHolder>()!.KeyId));

    public Operator Because(string? reason) => new(KeyId, reason!);
}
