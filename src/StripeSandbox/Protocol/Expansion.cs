using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>
/// <c>expand[]</c>: replaces ids by the objects they name, along dotted paths of at most four expansions; in a list
/// the path passes through <c>data</c>. The path is checked against the types, so that a wrong one is refused even
/// where there is nothing to expand.
/// </summary>
internal sealed class Expansion(Transaction transaction)
{
    private const int MaxDepth = 4;

    /// <summary>Renders an answer and expands it.</summary>
    public JsonObject Render(JsonObject answer, IReadOnlyList<string> paths)
    {
        var isList = answer.TextOrNull("object") == "list";
        var view = isList ? RenderList(answer) : transaction.Render(answer);
        foreach (var path in paths)
        {
            var segments = path.Split('.');
            if (isList && segments[0] != "data")
            {
                throw CannotExpand(path, $" You may want to try expanding 'data.{path}' instead.");
            }

            if (isList)
            {
                segments = segments[1..];
            }

            foreach (var target in isList ? view.Elements("data").ToArray() : [view])
            {
                Expand(target, target.Type(), segments, path, 0);
            }
        }
        return view;
    }

    private JsonObject RenderList(JsonObject list)
    {
        var data = list.Elements("data").Select(transaction.Render).ToArray();
        list["data"] = new JsonArray([.. data]);
        return list;
    }

    private void Expand(JsonObject? view, string type, string[] segments, string path, int depth)
    {
        if (ExpandableFields.Find(type, segments) is not var (name, field, rest))
        {
            throw CannotExpand(path);
        }

        if (field.Embedded && rest.Length == 0 && !field.LeadsToList)
        {
            throw CannotExpand(path);
        }

        if (!field.Embedded && ++depth > MaxDepth)
        {
            throw StripeError.BadParameter($"You cannot expand more than {MaxDepth} levels of a property: {path}.", "expand");
        }

        var value = view is null ? null : Resolve(view, name, field);
        if (field.LeadsToList && rest is ["data", ..])
        {
            rest = rest[1..];
        }
        else if (field.LeadsToList && rest.Length > 0)
        {
            throw CannotExpand(path);
        }

        if (rest.Length == 0)
        {
            return;
        }

        if (field.LeadsToList && value is not null && value.Elements("data").Any())
        {
            foreach (var element in value.Elements("data"))
            {
                Expand(element, field.Type, rest, path, depth);
            }
        }
        else
        {
            Expand(field.LeadsToList || value?["deleted"] is not null ? null : value, field.Type, rest, path, depth);
        }
    }

    private JsonObject? Resolve(JsonObject view, string name, ExpandableField field)
    {
        var parts = name.Split('.');
        var holder = parts[..^1].Aggregate((JsonObject?)view, (json, part) => json?[part] as JsonObject);
        if (holder is null)
        {
            return null;
        }

        if (field.Value is not null)
        {
            holder[parts[^1]] = field.Value(transaction.Find(view.Id())!);
        }
        else if (field.Include is not null && holder[parts[^1]] is null)
        {
            holder[parts[^1]] = RenderList(field.Include(transaction, transaction.Find(view.Id())!));
        }
        else if (!field.Embedded && holder.TextOrNull(parts[^1]) is { } id && transaction.Find(id) is { } json)
        {
            holder[parts[^1]] = transaction.Render(json);
        }

        return holder[parts[^1]] as JsonObject;
    }

    private static StripeError CannotExpand(string path, string advice = "") =>
        StripeError.BadParameter($"This property cannot be expanded ({path}).{advice}", "expand");
}
