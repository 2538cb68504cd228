using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Faults;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>
/// The way of every API request: key, version, form, idempotency, operation, expansion, answer. The operation and
/// the rendering of its answer are one transaction of the account. A fault strikes before it all, or between the commit and the answer.
/// </summary>
internal sealed partial class ApiPipeline(Accounts accounts, Idempotency idempotency, SandboxFaults faults, Action<string>? log)
{
    public const string ApiVersion = "2026-07-29.dahlia";

    public async Task RunAsync(HttpContext http, Operation operation)
    {
        var requestId = Ids.New("req_", 14);
        http.Response.Headers["Request-Id"] = requestId;
        try
        {
            if (!await ServeAsync(http, requestId, operation))
            {
                log?.Invoke($"--- {http.Request.Method} {http.Request.Path} [{requestId}]");
                return;
            }
        }
        catch (StripeError error)
        {
            await WriteAsync(http, error);
        }
        catch (BadHttpRequestException refusal)
        {
            await WriteAsync(http, new StripeError(refusal.StatusCode, "invalid_request_error", refusal.Message));
        }
        catch (Exception surprise) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            // A fault of the sandbox looks like one of Stripe's; whoever sees it is a developer, so it names itself.
            await WriteAsync(http, new StripeError(500, "api_error", $"The sandbox failed: {surprise}"));
        }
        log?.Invoke($"{http.Response.StatusCode} {http.Request.Method} {http.Request.Path} [{requestId}]");
    }

    // False: a fault ended the call without an answer.
    private async Task<bool> ServeAsync(HttpContext http, string requestId, Operation operation)
    {
        var fault = faults.Strike<CallFault>(fault => fault.Fits(http.Request.Method, http.Request.Path));
        if (fault is { AfterCommit: false } && !await CallStrike.MeetAsync(fault, http))
        {
            return false;
        }

        var account = accounts.ForKey(ApiKey.Read(http.Request.Headers.Authorization));
        http.Response.Headers["Stripe-Version"] = ReadVersion(http.Request);
        var answer = AnswerOf(account, await ApiRequest.ReadAsync(http, requestId), operation, http.Response.Headers);
        if (fault is { AfterCommit: true } && !await CallStrike.MeetAsync(fault, http))
        {
            return false;
        }

        await WriteAsync(http, answer.Status, answer.Body);
        return true;
    }

    // A refusal is an answer, too, that a fault may withhold.
    private StoredAnswer AnswerOf(Account account, ApiRequest request, Operation operation, IHeaderDictionary headers)
    {
        try
        {
            return Answer(account, request, operation, headers);
        }
        catch (StripeError refusal)
        {
            return new StoredAnswer(refusal.Status, JsonOutput.Pretty(refusal.ToJson()), request.Id);
        }
    }

    /// <summary>For paths that no operation has.</summary>
    public Task UnrecognizedAsync(HttpContext http) => RunAsync(http, _ => throw new StripeError(404, "invalid_request_error",
        $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}). If you are trying to list objects, remove the trailing slash. "
        + "If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. "
        + "The sandbox emulates only a part of Stripe's API."));

    // The key is given back before the answer leaves: who has the answer may use the key again.
    private StoredAnswer Answer(Account account, ApiRequest request, Operation operation, IHeaderDictionary headers)
    {
        if (request.IdempotencyKey is not { } key)
        {
            return account.Execute(request.Origin, tx => Run(tx, request, operation));
        }

        using var claim = idempotency.Claim(account.Id, key);
        headers["Idempotency-Key"] = key;
        if (account.Execute(request.Origin, tx => Idempotency.Find(tx, key, request)) is not { } replay)
        {
            return RunOnce(account, request, operation, key);
        }

        headers["Idempotent-Replayed"] = "true";
        headers["Original-Request"] = replay.RequestId;
        return replay;
    }

    private static StoredAnswer RunOnce(Account account, ApiRequest request, Operation operation, string key)
    {
        try
        {
            return account.Execute(request.Origin, tx => Idempotency.Keep(tx, key, request, Run(tx, request, operation)));
        }
        catch (StripeError error) when (error.UsesUpKey)
        {
            var refusal = new StoredAnswer(error.Status, JsonOutput.Pretty(error.ToJson()), request.Id);
            return account.Execute(request.Origin, tx => Idempotency.Keep(tx, key, request, refusal));
        }
    }

    private static StoredAnswer Run(Transaction tx, ApiRequest request, Operation operation)
    {
        var parameters = new Params(request.Form);
        var expand = parameters.Texts("expand");
        var call = new Call(tx, parameters, request.Path, request.Segment);
        var answer = operation(call);
        parameters.RefuseUnread();
        if (call.Failure is { } failure)
        {
            return new StoredAnswer(failure.Status, JsonOutput.Pretty(failure.ToJson()), request.Id);
        }

        return new StoredAnswer(200, JsonOutput.Pretty(new Expansion(tx).Render(answer, expand)), request.Id);
    }

    private static string ReadVersion(HttpRequest request)
    {
        string? version = request.Headers["Stripe-Version"];
        if (string.IsNullOrEmpty(version))
        {
            return ApiVersion;
        }

        if (WellFormedVersion().IsMatch(version))
        {
            return version;
        }

        throw new StripeError(400, "invalid_request_error", $"Invalid Stripe API version: {version}. You should use a version such as {ApiVersion}.");
    }

    private static Task WriteAsync(HttpContext http, StripeError error) => WriteAsync(http, error.Status, JsonOutput.Pretty(error.ToJson()));

    private static Task WriteAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-cache, no-store";
        if (status == 401)
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"Stripe\"";
        }

        return http.Response.WriteAsync(body + "\n", http.RequestAborted);
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$")]
    private static partial Regex WellFormedVersion();
}
