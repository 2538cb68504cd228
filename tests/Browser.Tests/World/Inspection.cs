using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Browser.Tests.World;

/// <summary>Pictures a page and asks what a person would mind in it.</summary>
internal static class Inspection
{
    private const double MostShift = 0.1; // what browsers' makers call good

    private const string LayoutShift = """
        () => new Promise(resolve => {
          let sum = 0;
          new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.hadRecentInput ? 0 : entry.value))
            .observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => setTimeout(() => resolve(sum)));
        })
        """;

    public static async Task OfAsync(IPage page, string name, Look look)
    {
        await page.ScreenshotAsync(new() { Path = Artifacts.File($"{name}-{look}.png"), FullPage = true });
        var axe = await page.RunAxe();
        var serious = axe.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{name}-{look}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}");
        Assert.Empty(serious);
        Assert.True(
            await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{name}-{look} scrolls sideways.");
        Assert.InRange(await page.EvaluateAsync<double>(LayoutShift), 0, MostShift);
    }
}
