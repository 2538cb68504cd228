using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>
/// Idempotency keys of POSTs: the first answer, its status and body, is kept with the changes it reports (one commit)
/// and given again for 24 hours by the sandbox's clock. Parameters that fail their checks leave the key free.
/// </summary>
internal sealed class Idempotency
{
    private const string Type = "sandbox.idempotency";
    private const long KeptSeconds = 24 * 60 * 60;
    private const int MaxKey = 255;

    private readonly ConcurrentDictionary<(string Account, string Key), bool> _running = new();

    /// <summary>Claims the key while its request runs. Disposing gives it back.</summary>
    /// <exception cref="StripeError">409: a request with this key is under way.</exception>
    public IDisposable Claim(string account, string key)
    {
        if (key.Length > MaxKey || !key.All(c => c is >= ' ' and <= '~'))
        {
            throw StripeError.BadParameter($"Idempotency keys have up to {MaxKey} printable ASCII characters.", "Idempotency-Key");
        }

        if (_running.TryAdd((account, key), true))
        {
            return new ClaimedKey(this, (account, key));
        }

        throw new StripeError(409, "invalid_request_error",
            "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is "
            + $"still going through): {key}. Please try again later.")
        { Code = "idempotency_key_in_use" };
    }

    /// <exception cref="StripeError">400: the key was first used for another request.</exception>
    public static StoredAnswer? Find(Transaction transaction, string key, ApiRequest request)
    {
        if (transaction.Find(Type, IdOf(key)) is not { } stored || IsStale(stored, transaction.Now))
        {
            return null;
        }

        var endpoint = stored.Text("path");
        var misuse = endpoint != request.Path ? $"for the same endpoint they were first used for ('{request.Path}' vs '{endpoint}')"
            : stored.Text("fingerprint") != request.Fingerprint ? "with the same parameters they were first used with"
            : null;
        if (misuse is not null)
        {
            throw new StripeError(400, "idempotency_error",
                $"Keys for idempotent requests can only be used {misuse}. Try using a key other than '{key}' if you meant to execute a different request.");
        }

        return new StoredAnswer((int)stored.Number("status"), stored.Text("body"), stored.Text("request"));
    }

    public static StoredAnswer Keep(Transaction transaction, string key, ApiRequest request, StoredAnswer answer)
    {
        transaction.Put(new JsonObject
        {
            ["id"] = IdOf(key),
            ["object"] = Type,
            ["created"] = transaction.Now,
            ["path"] = request.Path,
            ["fingerprint"] = request.Fingerprint,
            ["request"] = answer.RequestId,
            ["status"] = (long)answer.Status,
            ["body"] = answer.Body,
        });
        return answer;
    }

    public static bool IsStale(JsonObject json, long now) => json.Type() == Type && json.Number("created") + KeptSeconds <= now;

    private static string IdOf(string key) => "idempotency:" + key;

    private sealed class ClaimedKey(Idempotency owner, (string, string) key) : IDisposable
    {
        public void Dispose() => owner._running.TryRemove(key, out _);
    }
}

internal sealed record StoredAnswer(int Status, string Body, string RequestId);
