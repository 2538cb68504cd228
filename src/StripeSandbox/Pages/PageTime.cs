using System.Globalization;

namespace StripeSandbox.Pages;

/// <summary>
/// Instants on pages, as HTML: in UTC, which the script turns into the reader's time. The time in UTC shows on hover.
/// </summary>
internal static class PageTime
{
    /// <summary>As <c>21 November 2026</c>.</summary>
    public static string Day(long unix) => Html(unix, "d MMMM yyyy", "");

    /// <summary>As <c>21 November 2026, 09:05 UTC</c>.</summary>
    public static string Minute(long unix) => Html(unix, "d MMMM yyyy, HH:mm 'UTC'", " data-minute");

    private static string Html(long unix, string format, string attribute)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(unix);
        return $"""<time datetime="{Text(at, "yyyy-MM-dd'T'HH:mm:ss'Z'")}" title="{Text(at, "d MMMM yyyy, HH:mm:ss 'UTC'")}"{attribute}>{Text(at, format)}</time>""";
    }

    private static string Text(DateTimeOffset at, string format) => at.ToString(format, CultureInfo.InvariantCulture);
}
