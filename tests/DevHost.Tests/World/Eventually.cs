using System.Diagnostics;

namespace DevHost.Tests.World;

/// <summary>Waits for a condition instead of a time.</summary>
internal static class Eventually
{
    /// <summary>Bounds every wait; nothing that works comes near it, even on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"Not within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(50, Ct);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);
}
