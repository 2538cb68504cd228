using System.Net;
using System.Text.RegularExpressions;

namespace Billing.Tests.World;

/// <summary>The customer at the billing portal: opens its pages and sends the forms that they hold.</summary>
internal static partial class PortalPage
{
    /// <summary>Opens the page and sends its first form that posts to a path with this ending, hidden fields and all.</summary>
    /// <returns>The status, and where the portal leads on to.</returns>
    public static async Task<(int Status, string? Location)> SubmitAsync(string url, string ending, string page = "")
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var html = await client.GetStringAsync(url + page);
        var form = Forms().Matches(html).FirstOrDefault(form => Action(form).EndsWith(ending, StringComparison.Ordinal));
        Assert.True(form is not null, $"No form posts to ...{ending}: {html}");
        var fields = Fields().Matches(form.Value).ToDictionary(field => field.Groups["name"].Value, field => WebUtility.HtmlDecode(field.Groups["value"].Value));
        using var content = new FormUrlEncodedContent(fields);
        using var response = await client.PostAsync(new Uri(new Uri(url), Action(form)), content);
        return ((int)response.StatusCode, response.Headers.Location?.OriginalString);
    }

    private static string Action(Match form) => WebUtility.HtmlDecode(form.Groups["action"].Value);

    [GeneratedRegex("<form[^>]*method=\"post\" action=\"(?<action>[^\"]*)\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\">")]
    private static partial Regex Fields();
}
