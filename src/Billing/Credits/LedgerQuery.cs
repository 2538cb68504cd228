using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Billing.Api;
using Billing.Persistence;

namespace Billing.Credits;

/// <summary>Which page of the ledger is asked for.</summary>
/// <param name="Limit">1 to 100; default 20.</param>
/// <param name="Before">Entries with lower numbers only.</param>
/// <param name="Kind">Entries of this kind only; null: all.</param>
internal sealed record LedgerQuery(int Limit, long Before, CreditEntryKind? Kind)
{
    private static readonly Dictionary<string, CreditEntryKind> Kinds =
        Enum.GetValues<CreditEntryKind>().ToDictionary(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    /// <exception cref="ApiException">400, naming every parameter that is wrong.</exception>
    public static ValueTask<LedgerQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var errors = new List<FieldError>();
        var query = context.Request.Query;
        var limit = Number("limit", 20, 1, 100);
        var before = Number("cursor", long.MaxValue, 1, long.MaxValue);
        CreditEntryKind? kind = null;
        if (query.TryGetValue("kind", out var word))
        {
            kind = Kinds.TryGetValue(word.ToString(), out var found) ? found : null;
            if (kind is null)
            {
                errors.Add(new FieldError("kind", $"'kind' must be one of {string.Join(", ", Kinds.Keys)}.", "invalid_type"));
            }
        }
        errors.AddRange(query.Keys.Where(name => name is not ("limit" or "cursor" or "kind"))
            .Select(name => new FieldError(name, $"'{name}' is not a parameter of this call.", "unknown_field")));
        return errors.Count == 0
            ? ValueTask.FromResult<LedgerQuery?>(new LedgerQuery((int)limit, before, kind))
            : throw new ApiException(ApiError.Validation(errors));

        long Number(string name, long otherwise, long least, long most)
        {
            if (!query.TryGetValue(name, out var text))
            {
                return otherwise;
            }
            if (long.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }
            errors.Add(new FieldError(name, $"'{name}' must be a whole number from {least} to {most}.", "out_of_bounds"));
            return otherwise;
        }
    }
}
