using Billing.Api;
using Billing.Authentication;
using Billing.Checkout;
using Billing.Idempotency;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Tests.World;

/// <summary>The real host with one more endpoint that takes keys, which answers what a test says. Its tests run one after another.</summary>
public sealed class AnswerProbe(BillingFixture fixture) : IAsyncLifetime
{
    private const string Path = "/probe";

    private WebApplication _host = null!;
    private Func<HttpContext, Task<IResult>> _answer = null!;

    public BillingWorld World => fixture.World;

    public async ValueTask InitializeAsync()
    {
        var builder = BillingApp.CreateBuilder(["--urls", "http://127.0.0.1:0"], Environments.Development);
        builder.Configuration.AddInMemoryCollection(TestConfiguration.Create(World.ConnectionString, World.Sandbox.Url, BillingWorld.TestSecret));
        builder.Services.AddSingleton<TimeProvider>(World.Sandbox.Clock);
        _host = BillingApp.Build(builder);
        _host.MapPost(Path, (Body<CheckoutRequest> _, Caller _, HttpContext http) => _answer(http))
            .Requires(Role.Owner).Validates<CheckoutRequest>().Idempotent<CheckoutRequest>("probe");
        await _host.StartAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    internal void AnswerAsync(Func<HttpContext, Task<IResult>> answer) => _answer = answer;

    /// <returns>An entry for each time that the endpoint ran.</returns>
    internal List<int> Answer(Func<IResult> answer, List<int>? runs = null)
    {
        runs ??= [];
        _answer = _ =>
        {
            runs.Add(runs.Count);
            return Task.FromResult(answer());
        };
        return runs;
    }

    internal Task<KeyedAnswer> PostAsync(TestOrg org, string key, string plan = "pro", CancellationToken cancellationToken = default) =>
        new KeyedClient(World, org).PostAsync(Path, $$"""{"plan":"{{plan}}"}""", new Uri(_host.Urls.Single()), key, cancellationToken);
}
