namespace Stripe.Tests.Server;

/// <summary>A test with a server of its own.</summary>
public abstract class StripeServerTest : IAsyncLifetime
{
    private FakeStripe? _server;

    internal FakeStripe Stripe => _server ?? throw new InvalidOperationException("The server has not started.");

    internal CustomerService Customers => new(Stripe.Client());

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await FakeStripe.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
