namespace Stripe.Tests.Server;

/// <summary>A test with a server of its own.</summary>
public abstract class StripeServerTest : IAsyncLifetime
{
    private FakeStripe? server;

    internal FakeStripe Stripe => server ?? throw new InvalidOperationException("The server has not started.");

    internal CustomerService Customers => new(Stripe.Client());

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await FakeStripe.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
