using Microsoft.Net.Http.Headers;

namespace Billing.Idempotency;

/// <summary>An answer as bytes, made before any of it is sent: what is stored and what is sent cannot differ.</summary>
internal sealed class Answer : IResult
{
    private readonly IHeaderDictionary _headers;
    private readonly bool _isUnstored;

    private Answer(int status, byte[] body, IHeaderDictionary headers, bool isUnstored)
    {
        (Status, Body) = (status, body);
        (_headers, _isUnstored) = (headers, isUnstored);
    }

    public int Status { get; }

    public byte[] Body { get; }

    /// <summary>
    /// Whether a retry within 24 h gets this again (DESIGN rule 9). Not a 202, which is about work that goes on, and not what carries
    /// <c>Retry-After</c>, such as a 409 about another call under way: both are true for the moment only.
    /// </summary>
    public bool IsStored => !_isUnstored && !IsMomentary && Status is (>= 200 and < 300) or 402 or 409;

    /// <summary>Whether it says that the request as such cannot be done, so that nothing was and a corrected one may take the key.</summary>
    public bool IsRefusal => !_isUnstored && !IsMomentary && Status is >= 400 and < 500;

    private bool IsMomentary => Status == StatusCodes.Status202Accepted || _headers.ContainsKey(HeaderNames.RetryAfter);

    /// <summary>The result as it would be sent.</summary>
    public static async Task<Answer> OfAsync(IResult result, HttpContext http)
    {
        // Not the request's own context: a client that hangs up would leave half a body, and nobody would be told.
        var unsent = new DefaultHttpContext { RequestServices = http.RequestServices, TraceIdentifier = http.TraceIdentifier };
        using var body = new MemoryStream();
        unsent.Response.Body = body;
        await result.ExecuteAsync(unsent);
        await unsent.Response.CompleteAsync();
        return new Answer(unsent.Response.StatusCode, body.ToArray(), unsent.Response.Headers, result is UnstoredResult);
    }

    /// <summary>A stored answer, to be sent again.</summary>
    public static Answer Replay(int status, byte[] body)
    {
        var headers = new HeaderDictionary { [HeaderNames.CacheControl] = "no-store", ["Idempotent-Replayed"] = "true" };
        if (body.Length > 0)
        {
            headers[HeaderNames.ContentType] = "application/json; charset=utf-8"; // as are all our answers
        }
        return new Answer(status, body, headers, isUnstored: false);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        foreach (var (name, value) in _headers)
        {
            response.Headers[name] = value;
        }
        if (Body.Length > 0)
        {
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body); // without a token it is quiet about a client that hung up
        }
    }
}
