using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StripeSandbox.Checkout;
using StripeSandbox.Control;
using StripeSandbox.Control.Page;
using StripeSandbox.Faults;
using StripeSandbox.Pages;
using StripeSandbox.Portal;
using StripeSandbox.Protocol;

namespace StripeSandbox;

/// <summary>
/// A running sandbox: Stripe's API under <c>/v1</c>, hosted pages under <c>/c</c> and <c>/p</c> (their files under <c>/pages</c>), control under <c>/_sandbox</c>. Disposing
/// stops it; deliveries under way go on at the next start if there is a state file.
/// </summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxCore _core;

    private SandboxHost(WebApplication app, SandboxCore core, Uri url) => (_app, _core, Url) = (app, core, url);

    /// <summary>The address that it listens on.</summary>
    public Uri Url { get; }

    /// <summary>The time of everything that happens in it. A service that shares it agrees on "now".</summary>
    public SandboxClock Clock => _core.Clock;

    /// <summary>For tests that reach below HTTP.</summary>
    internal SandboxCore Core => _core;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">The state file is damaged.</exception>
    /// <exception cref="IOException">The address or the state file is in use.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken ct = default)
    {
        options.Validate();
        var core = new SandboxCore(options);
        try
        {
            var app = Build(options, core);
            await app.StartAsync(ct);
            var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            core.Start(options.PublicUrl ?? url);
            return new SandboxHost(app, core, new Uri(url));
        }
        catch
        {
            await core.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Moves the clock forward, pausing at each instant at which something happens by itself: the clock shows that
    /// instant, it is applied, and the first attempts of its deliveries are over before the clock moves on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative.</exception>
    public Task AdvanceAsync(TimeSpan by, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        return AdvanceAsync(Clock.GetUtcNow() + by, ct);
    }

    /// <inheritdoc cref="AdvanceAsync(TimeSpan, CancellationToken)"/>
    public Task AdvanceAsync(DateTimeOffset to, CancellationToken ct = default) => _core.Progress.AdvanceToAsync(to, ct);

    /// <summary>What goes wrong on purpose: add, count and remove faults. See <see cref="Faults.Fault"/> and its kinds.</summary>
    public SandboxFaults Faults => _core.Faults;

    /// <summary>
    /// Waits until every delivery on its way has had its first attempt, and those that these attempts brought about by calls to the
    /// API. What a reorder fault holds is let go; what a delay fault holds is not waited for, as it needs the clock.
    /// </summary>
    /// <returns>How many deliveries are still to come: retries, delayed ones.</returns>
    public async Task<int> SettleAsync(CancellationToken ct = default) => await _core.SettleAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _core.DisposeAsync();
    }

    // The empty builder: no settings, environment variables or arguments of the surrounding program leak in.
    private static WebApplication Build(SandboxOptions options, SandboxCore core)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();

        app.Use((http, next) =>
        {
            // Clients compare an answer's Date with events' created, so both come from one clock; at the start of the answer, when all is done.
            http.Response.OnStarting(() =>
            {
                http.Response.GetTypedHeaders().Date = core.Clock.GetUtcNow();
                return Task.CompletedTask;
            });
            return next(http);
        });
        app.Use((http, next) => SameOrigin.CheckAsync(http, next));
        app.UseRouting();
        foreach (var (method, path, run) in Operations.Everything().All)
        {
            app.MapMethods(path, [method], http => core.Pipeline.RunAsync(http, run));
        }

        app.MapFallback("/v1/{**path}", core.Pipeline.UnrecognizedAsync);
        PageAsset.Map(app);
        new CheckoutEndpoints(core.Accounts, core.Clock).Map(app);
        new AuthenticationEndpoints(core.Accounts).Map(app);
        new PortalEndpoints(core.Accounts).Map(app);
        MapControl(app, core);
        return app;
    }

    private static void MapControl(WebApplication app, SandboxCore core)
    {
        var (api, disputes) = (new ControlApi(core), new DisputeControl(core.Accounts));
        var forms = new ControlForms(core, api, disputes);
        // One address for people and for programs, as a browser is the one that asks for a page.
        app.MapGet(ControlPage.Path, (HttpRequest request) =>
            request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) ? forms.Show(request) : api.Health());
        api.Map(app);
        disputes.Map(app);
        new FaultControl(core.Faults).Map(app);
        forms.Map(app);
    }

    // The process belongs to whoever started the sandbox: it neither hears nor answers Ctrl+C.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
