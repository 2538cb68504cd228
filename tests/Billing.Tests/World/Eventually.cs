namespace Billing.Tests.World;

/// <summary>Waits for a condition instead of a time.</summary>
internal static class Eventually
{
    /// <summary>For a crowded machine: how long a thing takes is nothing that a test decides by.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <returns>The first value that fits.</returns>
    public static async Task<T> Async<T>(Func<Task<T>> read, Func<T, bool> fits, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (fits(value))
            {
                return value;
            }
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                Assert.Fail($"Not within {Patience.TotalSeconds} s: {what}. Last seen: {value}");
            }
            await Task.Delay(50);
        }
    }
}
