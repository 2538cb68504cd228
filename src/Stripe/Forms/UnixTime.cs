namespace Stripe;

/// <summary>Stripe's times: whole seconds since 1970, UTC.</summary>
internal static class UnixTime
{
    /// <summary>Fractions are dropped. A time of unspecified kind is taken as UTC, whatever the zone of the machine.</summary>
    public static long ToSeconds(DateTime time)
    {
        var utc = time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
        return new DateTimeOffset(utc).ToUnixTimeSeconds();
    }
}
