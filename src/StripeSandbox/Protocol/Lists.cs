using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>List answers: newest first, pages by cursor, filters.</summary>
internal static class Lists
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;

    /// <summary>One page of the objects, which come newest first and already filtered.</summary>
    public static JsonObject Page(this Call call, IEnumerable<JsonObject> objects)
    {
        var p = call.Params;
        p.Exclusive("starting_after", "ending_before");
        var limit = (int)(p.Integer("limit", 1, MaxLimit) ?? DefaultLimit);
        var (after, before) = (p.NonEmpty("starting_after"), p.NonEmpty("ending_before"));
        var all = objects.ToList();
        var (start, count) = (0, all.Count);
        if (after is not null)
        {
            start = Position(call, all, after, "starting_after", past: true);
        }

        if (before is not null)
        {
            // The page that ends just before the cursor, not the first page.
            count = Position(call, all, before, "ending_before", past: false);
            start = Math.Max(0, count - limit);
        }
        var page = all[start..count].Take(limit).Select(json => json.Clone());
        var hasMore = before is null ? start + limit < count : start > 0;
        return JsonFields.List(call.Path, page, hasMore);
    }

    public static IEnumerable<JsonObject> Where(this IEnumerable<JsonObject> objects, string field, string? equals) =>
        equals is null ? objects : objects.Where(json => json.TextOrNull(field) == equals);

    public static IEnumerable<JsonObject> Where(this IEnumerable<JsonObject> objects, string field, bool? equals) =>
        equals is null ? objects : objects.Where(json => json.Flag(field) == equals);

    /// <summary>The filter <c>created=ts</c> or <c>created[gte]=ts</c> and its like.</summary>
    public static IEnumerable<JsonObject> WhereTime(this IEnumerable<JsonObject> objects, Params p, string name, Func<JsonObject, long?> time)
    {
        var range = TimeRange.Read(p, name);
        return range is null ? objects : objects.Where(json => time(json) is { } at && range.Holds(at));
    }

    public static IEnumerable<JsonObject> WhereCreated(this IEnumerable<JsonObject> objects, Params p) =>
        objects.WhereTime(p, "created", json => json.Number("created"));

    // A cursor that the filter leaves out is legal: the page starts where the object would stand.
    private static int Position(Call call, List<JsonObject> all, string id, string param, bool past)
    {
        var index = all.FindIndex(json => json.Id() == id);
        if (index >= 0)
        {
            return past ? index + 1 : index;
        }

        if (call.Tx.Find(id) is not { } cursor)
        {
            throw StripeError.NoSuch("object", id, param);
        }

        var created = cursor.NumberOrNull("created") ?? 0;
        index = all.FindIndex(json => json.NumberOrNull("created") < created);
        return index < 0 ? all.Count : index;
    }
}

internal sealed record TimeRange(long? Equal, long? After, long? From, long? Before, long? To)
{
    public static TimeRange? Read(Params p, string name)
    {
        if (!p.Has(name))
        {
            return null;
        }

        if (!p.IsGroup(name))
        {
            return new TimeRange(p.Time(name), null, null, null, null);
        }

        var group = p.Object(name)!;
        return new TimeRange(null, group.Time("gt"), group.Time("gte"), group.Time("lt"), group.Time("lte"));
    }

    public bool Holds(long at) =>
        (Equal is null || at == Equal) && (After is null || at > After) && (From is null || at >= From)
        && (Before is null || at < Before) && (To is null || at <= To);
}
