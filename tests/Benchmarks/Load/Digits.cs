namespace Benchmarks.Load;

internal static class Digits
{
    /// <summary>Writes a number with leading zeros as wide as the gap.</summary>
    public static void Write(Span<byte> gap, long value)
    {
        for (var at = gap.Length - 1; at >= 0; at--)
        {
            gap[at] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
