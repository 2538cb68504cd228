namespace Billing.Idempotency;

/// <summary>An answer that must not be kept, such as one with a portal link: a retry with the same key makes a fresh one (DESIGN rule 9).</summary>
internal sealed class UnstoredResult(IResult answer) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => answer.ExecuteAsync(httpContext);
}

internal static class UnstoredResults
{
    /// <summary>Marks the answer of an endpoint as one that is not stored. The key still stands for this request and no other.</summary>
    public static IResult Unstored(this IResult answer) => new UnstoredResult(answer);
}
