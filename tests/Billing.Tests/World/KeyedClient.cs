using System.Text;
using System.Text.Json;

namespace Billing.Tests.World;

/// <summary>Calls as an org's owner with an <c>Idempotency-Key</c>.</summary>
internal sealed class KeyedClient(BillingWorld world, TestOrg org)
{
    public static string NewKey() => Guid.NewGuid().ToString();

    public Task<KeyedAnswer> CheckoutAsync(string? key, object request, Uri? host = null) =>
        PostAsync("/v1/billing/checkout", JsonSerializer.Serialize(request), host, key);

    public async Task<KeyedAnswer> PostAsync(
        string path, string json, Uri? host = null, string? key = null, CancellationToken cancellationToken = default)
    {
        using var client = world.Client(org.OwnerKey, host);
        client.Timeout = Timeout.InfiniteTimeSpan; // the test run's own limit is enough
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        using var response = await client.SendAsync(request, cancellationToken);
        return new KeyedAnswer(await ApiAnswer.ReadAsync(response), await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}

/// <summary>An answer with its bytes, as a replay must repeat them.</summary>
internal sealed record KeyedAnswer(ApiAnswer Api, byte[] Bytes)
{
    public int Status => Api.Status;

    public string? this[string path] => Api[path];

    public bool IsReplay => Api.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Single() == "true";

    public string RequestId => Api.Headers.GetValues("X-Request-Id").Single();

    /// <summary>409, about the moment: the same request is to be sent again.</summary>
    public bool IsInProgress => Status == 409 && this["error.details.reason"] == "in_progress" && Api.Headers.RetryAfter?.Delta > TimeSpan.Zero;

    public void AssertReplays(KeyedAnswer first)
    {
        Assert.Equal(first.Status, Status);
        Assert.Equal(first.Bytes, Bytes);
        Assert.True(IsReplay);
        Assert.NotEqual(first.RequestId, RequestId);
    }
}
