using System.Text;
using System.Text.Json.Nodes;

namespace StripeSandbox.Tests.Support;

/// <summary>A sandbox of a test's own, on a free port.</summary>
internal sealed class TestSandbox : IAsyncDisposable
{
    private readonly HttpClient _http;

    private TestSandbox(SandboxHost host)
    {
        Host = host;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = host.Url };
    }

    public SandboxHost Host { get; }

    public HttpClient Http => _http;

    public long Now => Host.Clock.GetUtcNow().ToUnixTimeSeconds();

    public static async Task<TestSandbox> StartAsync(Action<SandboxOptions>? configure = null)
    {
        var options = new SandboxOptions();
        configure?.Invoke(options);
        return new TestSandbox(await SandboxHost.StartAsync(options, TestContext.Current.CancellationToken));
    }

    /// <summary>A new account: no other test sees its objects.</summary>
    public Api NewAccount() => Account("sk_test_" + Guid.NewGuid().ToString("N"));

    public Api Account(string key) => new(_http, key);

    public Task AdvanceAsync(TimeSpan by) => Host.AdvanceAsync(by, TestContext.Current.CancellationToken);

    public Task AdvanceToAsync(long unix) => Host.AdvanceAsync(DateTimeOffset.FromUnixTimeSeconds(unix), TestContext.Current.CancellationToken);

    /// <summary>A call of the control API.</summary>
    public async Task<Answer> ControlAsync(string path, JsonObject? body = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, "/_sandbox/" + path);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
    }
}

/// <summary>A sandbox that the tests of a class share, each with its own account.</summary>
public sealed class SharedSandbox : IAsyncLifetime
{
    internal TestSandbox Sandbox { get; private set; } = null!;

    internal Api NewAccount() => Sandbox.NewAccount();

    public async ValueTask InitializeAsync() => Sandbox = await TestSandbox.StartAsync();

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();
}
