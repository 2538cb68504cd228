using System.Net;
using System.Net.Sockets;
using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

public sealed class FolderRefusalTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Folder_InUseByAnotherProgram_IsRefusedAndLeftAlone()
    {
        var (program, held) = await ChildProgram.HoldAsync(_temporary["pg"]);
        using (program)
        {
            var refusal = await Assert.ThrowsAsync<LocalPostgresException>(() => StartAsync(_temporary["pg"]));

            Assert.Contains($"{_temporary["pg"]} is in use by another process", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(1, await ScalarAsync<int>(held.Connection!, "SELECT 1"));
        }
    }

    [Fact]
    public async Task Folder_WithAServerThatNobodyStops_IsRefused()
    {
        await using var server = await StartAsync(_temporary["pg"]);

        var refusal = await Assert.ThrowsAsync<LocalPostgresException>(
            () => Postmaster.ClearAsync(_temporary["pg/data"], TimeSpan.Zero, Ct));

        Assert.Contains($"process {server.Postmaster()}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await server.ScalarAsync<int>("SELECT 1"));
    }

    [Fact]
    public async Task Folder_ReachedThroughALink_IsTheSameFolder()
    {
        Directory.CreateSymbolicLink(_temporary["link"], _temporary.Path);
        await using var server = await StartAsync(_temporary["link/pg"]);

        Assert.Equal(_temporary["pg"], server.DataDirectory);
        await Assert.ThrowsAsync<LocalPostgresException>(() => StartAsync(_temporary["pg"]));
    }

    [Fact]
    public async Task Folder_OfAnotherMajorVersion_IsRefusedNamingBoth()
    {
        string version;
        await using (var server = await StartAsync(_temporary["pg"]))
        {
            version = server.Version;
        }

        await File.WriteAllTextAsync(_temporary["pg/data/PG_VERSION"], "9.6\n", Ct);

        var refusal = await Assert.ThrowsAsync<LocalPostgresException>(() => StartAsync(_temporary["pg"]));

        Assert.Contains("made by PostgreSQL 9,", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"PostgreSQL {version.Split('.')[0]}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_WithSomethingElseInIt_IsRefusedAndLeftAlone()
    {
        await File.WriteAllTextAsync(_temporary["letter.txt"], "dear", Ct);
        var mode = File.GetUnixFileMode(_temporary.Path);

        var refusal = await Assert.ThrowsAsync<LocalPostgresException>(() => StartAsync(_temporary.Path));

        Assert.Contains("not empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(_temporary.Path));
    }

    [Fact]
    public async Task Port_Taken_FailsNamingIt()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, FreePort.Pick());
        occupant.Start();
        var port = ((IPEndPoint)occupant.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<LocalPostgresException>(() => StartAsync(_temporary["pg"], port));
        Assert.Contains($"Port {port} on 127.0.0.1 is taken", failure.Message, StringComparison.Ordinal);

        occupant.Stop();
        await using var server = await StartAsync(_temporary["pg"], port);
        Assert.Equal(port, server.Port);
    }
}
