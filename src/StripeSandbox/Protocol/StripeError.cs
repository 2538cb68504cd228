using System.Text.Json.Nodes;

namespace StripeSandbox.Protocol;

/// <summary>A refusal in Stripe's error shape. Texts and codes follow Stripe's own, which tests and people read.</summary>
internal sealed class StripeError(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public string? Code { get; init; }

    public string? Param { get; init; }

    public string? DeclineCode { get; init; }

    /// <summary>
    /// Whether the request got past the checking of its parameters, so that its idempotency key is used up and a
    /// repetition gets the same answer.
    /// </summary>
    public bool UsesUpKey { get; init; }

    public JsonObject ToJson()
    {
        var error = new JsonObject();
        if (Code is not null)
        {
            error["code"] = Code;
        }

        if (DeclineCode is not null)
        {
            error["decline_code"] = DeclineCode;
        }

        if (Code is not null)
        {
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}";
        }

        error["message"] = Message;
        if (Param is not null)
        {
            error["param"] = Param;
        }

        error["type"] = Type;
        return new JsonObject { ["error"] = error };
    }

    /// <summary>A parameter that fails its check. The key of the request stays free.</summary>
    public static StripeError BadParameter(string message, string param, string? code = null) =>
        new(400, "invalid_request_error", message) { Code = code, Param = param };

    /// <summary>A request that is well formed but that the present state forbids.</summary>
    public static StripeError Refused(string message, string? code = null, string? param = null) =>
        new(400, "invalid_request_error", message) { Code = code, Param = param, UsesUpKey = true };

    /// <summary>The object that the path names does not exist.</summary>
    public static StripeError NotFound(string type, string id, string param = "id") =>
        new(404, "invalid_request_error", $"No such {type}: '{id}'") { Code = "resource_missing", Param = param, UsesUpKey = true };

    /// <summary>The object that a parameter names does not exist.</summary>
    public static StripeError NoSuch(string type, string id, string param) =>
        new(400, "invalid_request_error", $"No such {type}: '{id}'") { Code = "resource_missing", Param = param, UsesUpKey = true };

    /// <summary>Stripe documents the parameter; the sandbox would have to pretend.</summary>
    public static StripeError NotEmulated(string param) =>
        BadParameter($"The sandbox does not emulate the parameter '{param}' (Stripe itself accepts it).", param);

    public static StripeError Unauthorized(string message) => new(401, "invalid_request_error", message);

    public static StripeError Declined(string message, string code, string? declineCode) =>
        new(402, "card_error", message) { Code = code, DeclineCode = declineCode, UsesUpKey = true };
}
