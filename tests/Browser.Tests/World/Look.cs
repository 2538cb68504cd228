using Microsoft.Playwright;

namespace Browser.Tests.World;

/// <summary>What somebody sees pages on.</summary>
public sealed record Look(ColorScheme Scheme, bool IsPhone)
{
    public static readonly Look Default = new(ColorScheme.Light, IsPhone: false);

    /// <summary>As the names of screenshots end: <c>dark-phone</c>.</summary>
    public override string ToString() => $"{(Scheme == ColorScheme.Dark ? "dark" : "light")}-{(IsPhone ? "phone" : "wide")}";

    internal BrowserNewContextOptions Options() => new()
    {
        ColorScheme = Scheme,
        ViewportSize = IsPhone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
        HasTouch = IsPhone,
        IsMobile = IsPhone,
        Locale = "en-GB",
        TimezoneId = "Europe/Berlin",
        ReducedMotion = ReducedMotion.Reduce, // a picture in the middle of a transition is none
    };
}
