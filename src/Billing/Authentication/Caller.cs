using System.Reflection;
using Billing.Api;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Authentication;

/// <summary>Who calls and for which org. A key of one org always means that org; the others name theirs in <c>Billing-Org</c>.</summary>
internal sealed record Caller(string OrgId, Role Role)
{
    public const string OrgHeader = "Billing-Org";

    /// <exception cref="ApiException">No org is named, it does not exist, or it is not the key's.</exception>
    public static async ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var holder = context.Features.Get<KeyHolder>()
            ?? throw new InvalidOperationException("The endpoint takes a Caller but requires no role.");
        var named = context.Request.Headers[OrgHeader].ToString();
        if (holder.OrgId is { } own)
        {
            return named is "" || named == own
                ? new Caller(own, holder.Role)
                : throw new ApiException(ApiError.Forbidden("This key belongs to another org."));
        }
        if (named is "")
        {
            throw new ApiException(ApiError.Validation(
                new FieldError(OrgHeader, $"Name the org in the {OrgHeader} header.", "required")));
        }
        return await ExistsAsync(context, named)
            ? new Caller(named, holder.Role)
            : throw new ApiException(ApiError.NotFound("There is no such org."));
    }

    private static async Task<bool> ExistsAsync(HttpContext context, string orgId)
    {
        await using var db = await context.RequestServices.GetRequiredService<IDbContextFactory<BillingDb>>()
            .CreateDbContextAsync(context.RequestAborted);
        return await db.Orgs.AnyAsync(org => org.Id == orgId, context.RequestAborted);
    }
}
