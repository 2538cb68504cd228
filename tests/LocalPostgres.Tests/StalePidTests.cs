using System.Diagnostics;
using System.Globalization;
using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

/// <summary>A pid file that outlived its server, its number meanwhile in other hands.</summary>
public sealed class StalePidTests
{
    [Theory]
    [InlineData("echo $$; exec sleep 60", "a stranger")]
    [InlineData("true & echo $!; exec sleep 60", "a zombie")]
    public async Task PidFile_NamingAnotherProcess_DoesNotKeepTheServerFromStarting(string script, string who)
    {
        await using var server = await StartAsync();
        await server.StopAsync(ct: Ct);
        // As the server's own user: PostgreSQL itself only fears a process that it may send signals to.
        var start = ServerUser.Current.Command("/bin/sh", "-c", script);
        start.RedirectStandardOutput = true;
        using var other = Process.Start(start)!;
        var pid = int.Parse((await other.StandardOutput.ReadLineAsync(Ct))!, CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(
            Path.Combine(server.DataDirectory!, "data/postmaster.pid"), $"{pid}\n{server.DataDirectory}/data\n1\n{server.Port}\n\n127.0.0.1\n", Ct);

        try
        {
            await server.StartAgainAsync(Ct);

            Assert.True(server.Postmaster() != pid, $"the number is that of {who}");
        }
        finally
        {
            other.Kill();
        }
    }
}
