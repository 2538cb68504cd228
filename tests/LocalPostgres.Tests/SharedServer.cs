[assembly: AssemblyFixture(typeof(LocalPostgres.Tests.SharedServer))]

namespace LocalPostgres.Tests;

/// <summary>One server for the tests that do not stop it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Testing.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
