using System.Net;
using System.Net.Sockets;

namespace DevHost;

internal static class Ports
{
    private const int Attempts = 100;

    /// <summary>A port of the loopback interface that nobody listens on.</summary>
    /// <remarks>
    /// Below those that the system gives to outgoing connections, one of which could take it before the service listens.
    /// </remarks>
    public static int FindFree()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (!IsTaken(port))
            {
                return port;
            }
        }
        throw new DevHostException("No free port was found between 20000 and 32000: choose one with --port.");
    }

    public static bool IsTaken(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return false;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }

    /// <summary>Why a part did not start: nearly always its port.</summary>
    public static DevHostException Explain(string part, int port, string option, Exception failure) => new(
        port != 0 && IsTaken(port)
            ? $"Port {port} for {part} is taken: stop what listens there, choose another with {option} (0 takes a free one), or use --ephemeral."
            : $"Starting {part} failed: {failure.Message}",
        failure);
}
