using System.Diagnostics;
using Benchmarks.Machine;

namespace Benchmarks;

/// <summary>
/// Drives a program until the runtime has compiled what runs often: that takes half a minute and more under load, on the processors that are
/// being measured, and what a program costs before is not what it costs in service.
/// </summary>
internal static class WarmUp
{
    private const double QuietShare = 0.05;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="program">What is driven.</param>
    /// <param name="drive">Drives it for some seconds.</param>
    public static async Task RunAsync(ServedProgram program, Func<Task> drive)
    {
        var (clock, quiet) = (Stopwatch.StartNew(), 0);
        while (quiet < 2 && clock.Elapsed < Patience)
        {
            var (began, compiled) = (clock.Elapsed, program.CompilerTime);
            await drive();
            var now = program.CompilerTime;
            var used = now < compiled ? now : now - compiled; // its thread may have ended, and another one begun
            quiet = used < QuietShare * (clock.Elapsed - began) ? quiet + 1 : 0;
        }
    }
}
