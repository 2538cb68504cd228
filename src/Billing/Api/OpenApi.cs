using System.Text.RegularExpressions;
using Billing.Api.Document;

namespace Billing.Api;

/// <summary>What endpoints say about themselves in the served OpenAPI document.</summary>
internal static partial class OpenApi
{
    /// <summary>
    /// Declares the error statuses that a call can answer, all in the one shape. What every call can answer need not be said: 500 and, where
    /// a role is required, 401, 403 and 429.
    /// </summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<ErrorResponse>(status);
        }
        return endpoint;
    }

    /// <summary>Declares refusals of this call beside the <see cref="UsualErrors">usual ones</see> of their status.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params IEnumerable<ApiError> errors)
    {
        foreach (var error in errors)
        {
            endpoint.Produces<ErrorResponse>(error.Status).WithMetadata(new Refusal(error));
        }
        return endpoint;
    }

    /// <param name="endpoint">Takes a body.</param>
    /// <param name="name">A word or two that tell this example from the call's others.</param>
    /// <param name="body">Written as the API writes it; what is null is left out.</param>
    public static RouteHandlerBuilder WithRequestExample(this RouteHandlerBuilder endpoint, string name, object body) =>
        endpoint.WithMetadata(new CallExample(null, name, body));

    /// <param name="endpoint">Declares the status.</param>
    /// <param name="name">A word or two that tell this example from the call's others.</param>
    /// <param name="body">Written as the API writes it.</param>
    /// <param name="status">Of the success that it belongs to.</param>
    public static RouteHandlerBuilder WithAnswerExample(this RouteHandlerBuilder endpoint, string name, object body, int status = 200) =>
        endpoint.WithMetadata(new CallExample(status, name, body));

    /// <summary>Declares a required header that only this call takes.</summary>
    public static RouteHandlerBuilder TakesHeader(this RouteHandlerBuilder endpoint, string name, string description) =>
        endpoint.WithMetadata(new OwnHeader(name, description));

    /// <summary>Declares an optional parameter of the query.</summary>
    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder endpoint, string name, string description, string example) =>
        endpoint.WithMetadata(new OwnQuery(name, description, example));

    /// <summary>Declares a part of the path that the endpoint reads by itself.</summary>
    public static RouteHandlerBuilder TakesPath(this RouteHandlerBuilder endpoint, string name, string description, string example) =>
        endpoint.WithMetadata(new OwnPath(name, description, example));

    /// <summary>Text that is broken into lines for the source only, as one line per paragraph or list item.</summary>
    public static string Flow(this string text) => LineBreak().Replace(text, " ");

    /// <summary>A second path of one call.</summary>
    public static RouteHandlerBuilder SameAs(this RouteHandlerBuilder endpoint, string call) => endpoint.WithDescription($"Same as `{call}`.");

    [GeneratedRegex(@"(?<=[^\n])\n(?=[^\n-])")]
    private static partial Regex LineBreak();
}

/// <summary>An error that a call answers; its code or reason is documented there.</summary>
internal sealed record Refusal(ApiError Error);

/// <param name="Status">Of the answer; null: of the request.</param>
/// <param name="Name">Of the example.</param>
/// <param name="Body">An object that becomes JSON.</param>
internal sealed record CallExample(int? Status, string Name, object Body);

internal sealed record OwnHeader(string Name, string Description);

internal sealed record OwnPath(string Name, string Description, string Example);

internal sealed record OwnQuery(string Name, string Description, string Example);
