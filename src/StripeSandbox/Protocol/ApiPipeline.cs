using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>
/// The way of every API request: key, version, form, idempotency, operation, expansion, answer. The operation and
/// the rendering of its answer are one transaction of the account.
/// </summary>
internal sealed partial class ApiPipeline(Accounts accounts, Idempotency idempotency, Action<string>? log)
{
    public const string ApiVersion = "2026-07-29.dahlia";

    public async Task RunAsync(HttpContext http, Operation operation)
    {
        var requestId = Ids.New("req_", 14);
        http.Response.Headers["Request-Id"] = requestId;
        try
        {
            await AnswerAsync(http, operation, requestId);
        }
        catch (StripeError error)
        {
            await WriteAsync(http, error.Status, JsonOutput.Pretty(error.ToJson()));
        }
        catch (BadHttpRequestException refusal)
        {
            await WriteAsync(http, refusal.StatusCode, JsonOutput.Pretty(new StripeError(refusal.StatusCode, "invalid_request_error", refusal.Message).ToJson()));
        }
        catch (Exception surprise) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            // A fault of the sandbox looks like one of Stripe's; whoever sees it is a developer, so it names itself.
            await WriteAsync(http, 500, JsonOutput.Pretty(new StripeError(500, "api_error", $"The sandbox failed: {surprise}").ToJson()));
        }
        log?.Invoke($"{http.Response.StatusCode} {http.Request.Method} {http.Request.Path} [{requestId}]");
    }

    /// <summary>For paths that no operation has.</summary>
    public Task UnrecognizedAsync(HttpContext http) => RunAsync(http, _ => throw new StripeError(404, "invalid_request_error",
        $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}). If you are trying to list objects, remove the trailing slash. "
        + "If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. "
        + "The sandbox emulates only a part of Stripe's API."));

    private async Task AnswerAsync(HttpContext http, Operation operation, string requestId)
    {
        var account = accounts.ForKey(ApiKey.Read(http.Request.Headers.Authorization));
        http.Response.Headers["Stripe-Version"] = ReadVersion(http.Request);
        var form = await ReadFormAsync(http.Request, http.RequestAborted);
        var key = http.Request.Method == HttpMethods.Post ? (string?)http.Request.Headers["Idempotency-Key"] : null;
        if (string.IsNullOrEmpty(key)) key = null;
        using var claim = key is null ? null : idempotency.Claim(account.Id, key);
        if (key is not null) http.Response.Headers["Idempotency-Key"] = key;
        var origin = new RequestOrigin(requestId, key);
        var answer = account.Execute(origin, tx => key is null ? null : Idempotency.Find(tx, key, http.Request.Method, http.Request.Path, form));
        if (answer is not null)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
            http.Response.Headers["Original-Request"] = answer.RequestId;
        }
        else answer = Execute(http, operation, account, origin, form, key);
        await WriteAsync(http, answer.Status, answer.Body);
    }

    private static StoredAnswer Execute(HttpContext http, Operation operation, Account account, RequestOrigin origin, FormNode form, string? key)
    {
        var (method, path) = (http.Request.Method, http.Request.Path.Value!);
        try
        {
            var body = account.Execute(origin, tx =>
            {
                var body = Run(tx, operation, new Params(form), path, name => (string)http.GetRouteValue(name)!);
                if (key is not null) Idempotency.Keep(tx, key, method, path, form, 200, body);
                return body;
            });
            return new StoredAnswer(200, body, origin.RequestId!);
        }
        catch (StripeError error) when (key is not null && error.UsesUpKey)
        {
            var body = JsonOutput.Pretty(error.ToJson());
            account.Execute(origin, tx => Idempotency.Keep(tx, key, method, path, form, error.Status, body));
            return new StoredAnswer(error.Status, body, origin.RequestId!);
        }
    }

    private static string Run(Transaction tx, Operation operation, Params parameters, string path, Func<string, string> segment)
    {
        var expand = parameters.Texts("expand");
        var answer = operation(new Call(tx, parameters, path, segment));
        parameters.RefuseUnread();
        return JsonOutput.Pretty(new Expansion(tx).Render(answer, expand));
    }

    private static string ReadVersion(HttpRequest request)
    {
        string? version = request.Headers["Stripe-Version"];
        if (string.IsNullOrEmpty(version)) return ApiVersion;
        if (WellFormedVersion().IsMatch(version)) return version;
        throw new StripeError(400, "invalid_request_error", $"Invalid Stripe API version: {version}. You should use a version such as {ApiVersion}.");
    }

    // GET takes parameters from the query, POST from the body; DELETE from either, as curl -d and the SDKs differ.
    private static async Task<FormNode> ReadFormAsync(HttpRequest request, CancellationToken ct)
    {
        var query = request.QueryString.HasValue ? request.QueryString.Value![1..] : "";
        if (request.Method == HttpMethods.Get) return FormParser.Parse(query);
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(ct);
        if (body.Length > 0 && request.ContentType is { } type && !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            throw new StripeError(400, "invalid_request_error", "Invalid request (check that your POST content type is application/x-www-form-urlencoded).");
        return FormParser.Parse(query, body);
    }

    private static Task WriteAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-cache, no-store";
        if (status == 401) http.Response.Headers.WWWAuthenticate = "Basic realm=\"Stripe\"";
        return http.Response.WriteAsync(body + "\n", http.RequestAborted);
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$")]
    private static partial Regex WellFormedVersion();
}
