using System.Globalization;
using System.Reflection;
using Billing.Api;
using Billing.Orgs;
using Billing.Persistence;

namespace Billing.Operations;

/// <summary>What a list of the operators' calls is narrowed to.</summary>
/// <param name="Org">Only this org's; null: all.</param>
/// <param name="Outcome">Only events with this outcome; null: any.</param>
/// <param name="Limit">1 to 500; default 100.</param>
/// <param name="All">What has ended too.</param>
internal sealed record OpsQuery(string? Org, EventOutcome? Outcome, int Limit, bool All)
{
    public const int MaxLimit = 500;

    public const int UsualLimit = 100;

    private static readonly string[] Names = ["org", "outcome", "limit", "all"];

    /// <exception cref="ApiException">400, naming every parameter that is wrong.</exception>
    public static ValueTask<OpsQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var errors = query.Keys.Except(Names).Select(name => new FieldError(name, $"'{name}' is not a parameter of this call.", "unknown_field")).ToList();
        string? Text(string name) => query.TryGetValue(name, out var value) ? value.ToString() : null;
        if (Text("org") is { } org && !OrgId.IsValid(org))
        {
            errors.Add(new FieldError("org", OrgId.Rule, "invalid_org"));
        }
        var outcome = Text("outcome") is { } word ? EnumWords<EventOutcome>.Find(word) : null;
        if (Text("outcome") is not null && outcome is null)
        {
            errors.Add(new FieldError("outcome", "'outcome' must be applied, older, ignored, re_read or parked.", "invalid_type"));
        }
        var limit = UsualLimit;
        if (Text("limit") is { } number
            && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            errors.Add(new FieldError("limit", $"'limit' must be a whole number from 1 to {MaxLimit}.", "out_of_bounds"));
        }
        if (Text("all") is not (null or "true" or "false"))
        {
            errors.Add(new FieldError("all", "'all' must be true or false.", "invalid_type"));
        }
        return errors.Count == 0
            ? ValueTask.FromResult<OpsQuery?>(new OpsQuery(Text("org"), outcome, limit, Text("all") == "true"))
            : throw new ApiException(ApiError.Validation(errors));
    }
}
