using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Billing.Tests.World;

/// <summary>
/// Stands between a host and its PostgreSQL and counts the round trips of each transaction: how often the host sent something and
/// waited for the answer.
/// </summary>
internal sealed class CountingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<(string Text, int RoundTrips)> _transactions = new();
    private readonly string _server;
    private readonly int _port;

    public CountingProxy(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        (_server, _port) = (server.Host!, server.Port);
        _listener.Start();
        (server.Host, server.Port) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        (server.SslMode, server.GssEncryptionMode) = (SslMode.Disable, GssEncryptionMode.Disable); // what is encrypted cannot be counted
        ConnectionString = server.ConnectionString;
        _ = AcceptAsync();
    }

    /// <summary>Of the same database, through the proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>The round trips of each transaction in which this text was sent, and of each statement outside of one.</summary>
    public IReadOnlyList<int> RoundTrips(string text) =>
        [.. _transactions.Where(transaction => transaction.Text.Contains(text, StringComparison.Ordinal)).Select(transaction => transaction.RoundTrips)];

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var host = client;
        using var server = new TcpClient { NoDelay = true };
        await server.ConnectAsync(_server, _port);
        var (sent, roundTrips, isAnswering) = (new StringBuilder(), 0, true);
        var gate = new Lock();
        await Task.WhenAny(PumpAsync(host.GetStream(), server.GetStream(), Sent), PumpAsync(server.GetStream(), host.GetStream(), Answered));

        void Sent(ReadOnlySpan<byte> bytes)
        {
            lock (gate)
            {
                roundTrips += isAnswering ? 1 : 0;
                isAnswering = false;
                sent.Append(Encoding.Latin1.GetString(bytes));
            }
        }

        void Answered(ReadOnlySpan<byte> bytes)
        {
            lock (gate)
            {
                isAnswering = true;
                // Ready for query, and in no transaction; while one is begun, this answers what resets the connection before.
                var text = sent.ToString();
                if (bytes.EndsWith("Z\0\0\0\u0005I"u8) && (!text.Contains("BEGIN") || text.Contains("COMMIT") || text.Contains("ROLLBACK")))
                {
                    _transactions.Enqueue((text, roundTrips));
                    sent.Clear();
                    roundTrips = 0;
                }
            }
        }
    }

    private delegate void Seen(ReadOnlySpan<byte> bytes);

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, Seen seen)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                seen(buffer.AsSpan(0, count)); // before it is passed on, so that nothing overtakes the count
                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (IOException)
        {
            // One side hung up.
        }
    }
}
