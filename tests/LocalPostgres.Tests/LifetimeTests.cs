using System.Diagnostics;
using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

/// <summary>However a program ends, its server ends with it, and a temporary folder is removed.</summary>
public sealed class LifetimeTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("nobody")]
    public async Task Program_Killed_LeavesNothing(string? user)
    {
        SkipUnlessPossible(user);
        var (program, held) = await ChildProgram.HoldAsync(user: user);
        using (program)
        {
            Assert.Null(held.Error);
            Assert.False(IsGone(held.Postmaster));

            program.Kill();

            await AssertGoneAsync(held);
        }
    }

    [Fact]
    public async Task Program_KilledWithAllItsDescendants_LeavesNothing()
    {
        var (program, held) = await ChildProgram.HoldAsync();
        using (program)
        {
            program.KillWithDescendants();

            await AssertGoneAsync(held);
        }
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("")]
    public async Task Program_Ended_LeavesNothing(string line)
    {
        var (program, held) = await ChildProgram.HoldAsync();
        using (program)
        {
            await program.EndAsync(line);

            await AssertGoneAsync(held);
        }
    }

    [Fact]
    public async Task Program_KilledWhileStarting_LeavesNothing()
    {
        using var temporary = new TemporaryFolder();
        using var program = ChildProgram.Start(variable: ("TMPDIR", temporary.Path));
        await EventuallyAsync(() => Directory.EnumerateDirectories(temporary.Path, "local-postgres-*").Any(), "initdb has begun");
        var folder = Directory.EnumerateDirectories(temporary.Path, "local-postgres-*").Single();

        program.Kill();

        await EventuallyAsync(() => ProcessesOf(folder).Count == 0, "every process on the folder is gone");
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Program_KilledWithAKeptFolder_StopsTheServerCleanly()
    {
        using var temporary = new TemporaryFolder();
        var (program, held) = await ChildProgram.HoldAsync(temporary["pg"]);
        using (program)
        {
            program.Kill();
            await EventuallyAsync(() => IsGone(held.Postmaster), "the server is gone");
        }

        Assert.False(File.Exists(temporary["pg/data/postmaster.pid"]));
        Assert.Contains("database system is shut down", await File.ReadAllTextAsync(temporary["pg/server.log"], Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watchdog_Killed_DisposingStillStopsTheServerAndRemovesItsFolder()
    {
        var server = await StartAsync();
        var postmaster = server.Postmaster();
        foreach (var watchdog in ProcessesOf(server.DataDirectory!, "local-postgres-watchdog"))
        {
            Kill(watchdog);
        }

        await server.DisposeAsync();

        Assert.True(IsGone(postmaster));
        Assert.False(Directory.Exists(server.DataDirectory));
    }

    [Fact]
    public async Task Start_Cancelled_LeavesTheFolderFree()
    {
        using var temporary = new TemporaryFolder();
        using var cancelling = new CancellationTokenSource();
        var starting = PostgresServer.StartAsync(new() { AlwaysStart = true, Durable = false, DataDirectory = temporary["pg"] }, cancelling.Token);
        await EventuallyAsync(() => File.Exists(temporary["pg/initdb.log"]), "initdb has begun");

        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        await using var server = await StartAsync(temporary["pg"]);
        Assert.Equal(1, await server.ScalarAsync<int>("SELECT 1"));
    }

    private static async Task AssertGoneAsync(HeldServer held)
    {
        await EventuallyAsync(() => IsGone(held.Postmaster), "the server is gone");
        await EventuallyAsync(() => !Directory.Exists(held.Folder), "its folder is removed");
    }

    private static List<int> ProcessesOf(string folder, string what = "")
    {
        using var list = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "ps -eo pid=,args= 2>/dev/null || for p in /proc/[0-9]*; do echo \"${p#/proc/} $(tr '\\0\\n' '  ' <$p/cmdline)\"; done"]) { RedirectStandardOutput = true })!;
        return list.StandardOutput.ReadToEnd().Split('\n')
            .Where(line => line.Contains(folder, StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal))
            .Select(line => int.Parse(line.Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))
            .ToList();
    }

    private static void SkipUnlessPossible(string? user)
    {
        if (user is null)
        {
            return;
        }

        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can start a program as somebody else; the other tests run as an ordinary user already.");
        var reachable = Subprocess.RunAsync(ServerUser.Current.Command("/bin/sh", "-c", "test -x \"$1\"", "sh", AppContext.BaseDirectory), Ct);
        Assert.SkipUnless(reachable.GetAwaiter().GetResult().ExitCode == 0, $"The user {user} cannot reach {AppContext.BaseDirectory}.");
    }
}
