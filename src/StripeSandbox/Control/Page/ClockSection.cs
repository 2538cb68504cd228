using System.Globalization;
using StripeSandbox.Pages;

namespace StripeSandbox.Control.Page;

internal static class ClockSection
{
    public static string Html(SandboxClock clock)
    {
        var now = clock.GetUtcNow();
        return $"""
            <section class="card" aria-labelledby="clock">
              <h2 id="clock">Clock</h2>
              <p class="total">{PageTime.Minute(now.ToUnixTimeSeconds())}</p>
              <p class="muted">{Ahead(clock.Offset)} It only goes forward; renewals, retries and settlements on the way happen in their order.</p>
              <div class="actions">
                {ControlPage.Button("clock", "An hour on", null, ("by", "hour"))}
                {ControlPage.Button("clock", "A day on", null, ("by", "day"))}
                {ControlPage.Button("clock", "A month on", null, ("by", "month"))}
              </div>
              <form method="post" class="apart" action="{ControlPage.Path}/page/clock">
                <label for="to">To a time, in UTC</label>
                <div class="inline">
                  <input id="to" name="to" type="datetime-local" required min="{Field(now)}" value="{Field(now.AddDays(1))}">
                  <button type="submit">Go there</button>
                </div>
              </form>
            </section>
            """;
    }

    /// <summary>The instant that a form asks for; null: it asks for none.</summary>
    public static DateTimeOffset? Target(DateTimeOffset now, string? by, string? to) => by switch
    {
        "hour" => now.AddHours(1),
        "day" => now.AddDays(1),
        "month" => now.AddMonths(1),
        _ => DateTimeOffset.TryParse(to, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
    };

    private static string Ahead(TimeSpan offset) => offset < TimeSpan.FromMinutes(1)
        ? "It shows real time."
        : $"It is {Count((int)offset.TotalDays, "day")} and {Count(offset.Hours, "hour")} ahead of real time.";

    private static string Count(int number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");

    private static string Field(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}
