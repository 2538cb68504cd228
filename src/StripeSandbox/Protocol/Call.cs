using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>One API request as an operation sees it: its parameters, the path's values, the account's transaction.</summary>
internal sealed class Call(Transaction transaction, Params parameters, string path, Func<string, string> segment)
{
    public Transaction Tx { get; } = transaction;

    public Params Params { get; } = parameters;

    public string Path { get; } = path;

    public long Now => Tx.Now;

    /// <summary>
    /// An error to answer with although what the operation did remains: a payment was tried and refused.
    /// </summary>
    public StripeError? Failure { get; set; }

    public string Segment(string name) => segment(name);

    /// <summary>The object that a segment of the path names.</summary>
    /// <exception cref="StripeError">404: there is none.</exception>
    public JsonObject Subject(string type, string name)
    {
        var id = segment(name);
        return Tx.Find(type, id) ?? throw StripeError.NotFound(type, id, name);
    }

    /// <summary>The object that a parameter names; null if the parameter is omitted or unset.</summary>
    /// <exception cref="StripeError">400: there is none, or it is deleted.</exception>
    public JsonObject? Named(string type, string param) => Named(Params, type, param);

    public JsonObject? Named(Params group, string type, string param)
    {
        if (group.Text(param) is not { } id)
        {
            return null;
        }

        return Tx.Find(type, id) is { } json && !json.Flag("deleted") ? json : throw StripeError.NoSuch(type, id, group.PathOf(param));
    }
}

/// <summary>Carries out a request and gives the object or list to answer with, as stored.</summary>
internal delegate JsonObject Operation(Call call);
