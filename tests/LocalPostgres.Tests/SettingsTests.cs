using System.Net;
using System.Net.Sockets;
using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

public sealed class SettingsTests(SharedServer shared)
{
    private readonly PostgresServer _server = shared.Server;

    [Fact]
    public async Task Server_Started_ListensOnOneAddressOnly()
    {
        using var own = new TcpClient();
        await own.ConnectAsync(IPAddress.Loopback, _server.Port, Ct);

        // Also loopback, so nothing but the server's own choice refuses it.
        using var other = new TcpClient();
        var refusal = await Assert.ThrowsAsync<SocketException>(
            async () => await other.ConnectAsync(IPAddress.Parse("127.0.0.2"), _server.Port, Ct));

        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
        Assert.Equal("", await _server.SettingAsync("unix_socket_directories"));
    }

    [Fact]
    public async Task Server_Started_TellsItsVersionAndPlace()
    {
        Assert.StartsWith(_server.Version, await _server.SettingAsync("server_version"), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", _server.Host);
        Assert.Equal(Path.Combine(_server.DataDirectory!, "data"), await _server.SettingAsync("data_directory"));
    }

    [Fact]
    public async Task Server_Started_ComparesBytesAndTellsTimeInUtc()
    {
        Assert.Equal("C", await _server.ScalarAsync<string>("SELECT datcollate FROM pg_database WHERE datname = 'postgres'"));
        Assert.Equal("UTF8", await _server.SettingAsync("server_encoding"));
        Assert.Equal("UTC", await _server.SettingAsync("timezone"));
    }

    [Theory]
    [InlineData(true, "on")]
    [InlineData(false, "off")]
    public async Task Durable_DecidesWhetherCommitsReachTheDisk(bool durable, string expected)
    {
        await using var _server = await StartAsync(durable: durable);

        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
        {
            Assert.Equal(expected, await _server.SettingAsync(setting));
        }
    }

    [Fact]
    public async Task Settings_WithAnyCharacters_ReachTheServerUnchanged()
    {
        const string Awkward = """it's "quoted" $HOME `id` \n é; -c port=1""";
        await using var _server = await PostgresServer.StartAsync(
            new() { AlwaysStart = true, Durable = false, Settings = new Dictionary<string, string> { ["max_connections"] = "17", ["app.text"] = Awkward } }, Ct);

        Assert.Equal("17", await _server.SettingAsync("max_connections"));
        Assert.Equal(Awkward, await _server.SettingAsync("app.text"));
    }

    [Fact]
    public async Task Settings_ThatTheServerRefuses_FailWithItsLogAndLeaveNothing()
    {
        using var temporary = new TemporaryFolder();
        var failure = await Assert.ThrowsAsync<LocalPostgresException>(() => PostgresServer.StartAsync(
            new() { AlwaysStart = true, DataDirectory = temporary["pg"], Durable = false, Settings = new Dictionary<string, string> { ["max_connections"] = "many" } }, Ct));

        Assert.Contains("invalid value for parameter \"max_connections\": \"many\"", failure.Message, StringComparison.Ordinal);
        Assert.Null(Postmaster.Find(temporary["pg/data"]));
    }

    [Theory]
    [InlineData("port", "1")]
    [InlineData("Listen_Addresses", "*")]
    [InlineData("unix_socket_directories", "/tmp")]
    [InlineData("no name", "1")]
    [InlineData("work_mem", "1MB\n")]
    public async Task Settings_ThatWouldOpenTheServerOrBreakTheCommand_AreRefused(string name, string value) =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => PostgresServer.StartAsync(new() { AlwaysStart = true, Settings = new Dictionary<string, string> { [name] = value } }, Ct));

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public async Task Port_OutOfRange_IsRefused(int port) => await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(port: port));
}
