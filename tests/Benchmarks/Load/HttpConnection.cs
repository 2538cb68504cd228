using System.Net;
using System.Net.Sockets;
using System.Buffers.Text;
using System.Text;

namespace Benchmarks.Load;

/// <summary>One HTTP/1.1 connection that is kept alive: only what the answers of the host need.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000, SendTimeout = 30_000 };
    private readonly byte[] _answer = new byte[16 * 1024];

    public HttpConnection(Uri url) => _socket.Connect(IPAddress.Parse(url.Host), url.Port);

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="SocketException">The connection broke, or no answer came in 30 s.</exception>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        while (!request.IsEmpty)
        {
            request = request[_socket.Send(request)..];
        }
        var length = 0;
        do
        {
            var read = _socket.Receive(_answer.AsSpan(length));
            if (read == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }
            length += read;
        }
        while (!IsWhole(_answer.AsSpan(0, length)));
        // "HTTP/1.1 200 OK"
        return Utf8Parser.TryParse(_answer.AsSpan(9, 3), out int status, out _) ? status : 0;
    }

    /// <summary>Asks once over a connection of its own; 0: nobody listens there yet.</summary>
    public static int Status(Uri url, string path)
    {
        try
        {
            using var connection = new HttpConnection(url);
            return connection.Exchange(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n"));
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }
        var name = "\r\nContent-Length: "u8;
        return answer[..end].IndexOf(name) is >= 0 and var at && Utf8Parser.TryParse(answer[(at + name.Length)..end], out int body, out _)
            ? answer.Length >= end + 4 + body
            : answer.EndsWith("\r\n0\r\n\r\n"u8);
    }
}
