using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DevHost;

/// <summary>The <c>dotnet run</c> that started us, which hands signals on, but cannot when it is killed outright.</summary>
internal static class Launcher
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Cancels once the dotnet program that started this one is gone. A shell may end before us, as with <c>nohup</c>.</summary>
    public static async Task CancelWhenGoneAsync(CancellationTokenSource end)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var parent = GetParentProcessId();
        if (!IsDotnet(parent))
        {
            return;
        }
        while (!end.IsCancellationRequested)
        {
            if (GetParentProcessId() != parent)
            {
                await end.CancelAsync();
            }
            await Task.Delay(Pause, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsDotnet(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName == "dotnet";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int GetParentProcessId();
}
