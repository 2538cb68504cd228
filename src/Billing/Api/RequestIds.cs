using System.Text.RegularExpressions;

namespace Billing.Api;

/// <summary>Every request has an id, on every response and log line; a well-formed one of the caller's is kept.</summary>
internal static partial class RequestIds
{
    public const string Header = "X-Request-Id";

    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var given = context.Request.Headers[Header].ToString();
        context.TraceIdentifier = given.Length > 0 && WellFormed().IsMatch(given) ? given : NewId();
        // At the start of the response, as the exception handler clears what was set before.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = context.TraceIdentifier;
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>No secret, and not worth the call of the system that each new Guid makes.</summary>
    private static string NewId() => $"req_{Random.Shared.NextInt64():x16}{Random.Shared.NextInt64():x16}";

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}$")]
    private static partial Regex WellFormed();
}
