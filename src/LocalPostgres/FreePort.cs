using System.Net;
using System.Net.Sockets;

namespace LocalPostgres;

internal static class FreePort
{
    // Below the ports that systems hand out to outgoing connections (Linux: from 32768, macOS: from 49152).
    // A port in that range can be taken while our server is stopped; worse, a client that keeps trying to reconnect
    // may be given the very port it calls as its own, and ends up connected to itself.
    private const int Lowest = 20_000;
    private const int Highest = 32_767;

    /// <summary>A port on which nothing listened a moment ago: another process may still take it first.</summary>
    public static int Pick()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = Random.Shared.Next(Lowest, Highest + 1);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new LocalPostgresException($"No free TCP port on 127.0.0.1 between {Lowest} and {Highest}.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
