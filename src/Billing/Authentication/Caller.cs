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
        var caller = new Caller(OrgOf(holder, context.Request.Headers[OrgHeader].ToString()), holder.Role);
        if ((holder.IsToken || holder.OrgId is null) && context.GetEndpoint()?.Metadata.GetMetadata<FindsItsOrg>() is null
            && !await ExistsAsync(context, caller.OrgId))
        {
            throw new ApiException(ApiError.NotFound("There is no such org."));
        }
        context.Features.Set(caller); // for the request log
        return caller;
    }

    private static string OrgOf(KeyHolder holder, string named)
    {
        if (holder.OrgId is { } own)
        {
            return named is "" || named == own ? own : throw new ApiException(ApiError.Forbidden("This key belongs to another org."));
        }
        return named is not "" ? named : throw new ApiException(ApiError.Validation(
            new FieldError(OrgHeader, $"Name the org in the {OrgHeader} header.", "required")));
    }

    private static async Task<bool> ExistsAsync(HttpContext context, string orgId)
    {
        await using var db = await context.RequestServices.GetRequiredService<IDbContextFactory<BillingDb>>()
            .CreateDbContextAsync(context.RequestAborted);
        return await db.Orgs.AnyAsync(org => org.Id == orgId, context.RequestAborted);
    }
}

/// <summary>Metadata of a call that reads the org's row anyway, and answers 404 by itself if there is none: a round trip less.</summary>
internal sealed class FindsItsOrg;
