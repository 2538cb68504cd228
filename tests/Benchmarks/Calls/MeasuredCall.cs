namespace Benchmarks.Calls;

/// <summary>A call that is measured, and what it is measured by.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Head">The request line up to the path.</param>
/// <param name="Body">What is sent, or null.</param>
/// <param name="Script">pgbench's script that does its statements, or the least of them.</param>
/// <param name="Target">What is wanted of it.</param>
internal sealed record MeasuredCall(string Name, string Head, string? Body, string Script, CallTarget? Target)
{
    public static readonly IReadOnlyList<MeasuredCall> All =
    [
        new("GET /status", "GET /v1/billing/status", Body: null, "status.sql", new CallTarget(Limit.BareServer, 0.35)),
        new("GET /credits", "GET /v1/billing/credits", Body: null, "credits.sql", Target: null),
        new("POST /credits/debit", "POST /v1/billing/credits/debit", """{"amount":1,"reason":"render"}""", "debit.sql", new CallTarget(Limit.Pgbench, 0.8)),
    ];

    /// <summary>The same request to a web server that does nothing.</summary>
    public string BareHead => Head[..Head.IndexOf(' ')] + " /";

    public bool Changes => Body is not null;
}

/// <param name="Limit">Beside what.</param>
/// <param name="Ratio">At least.</param>
internal sealed record CallTarget(Limit Limit, double Ratio);

internal enum Limit
{
    /// <summary>Kestrel with nothing behind it.</summary>
    BareServer,

    /// <summary>pgbench doing the statements.</summary>
    Pgbench,
}
