using System.Net;
using System.Text.RegularExpressions;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests;

/// <summary>What holds of every page: nothing inline, nothing from elsewhere, and what assistive technology needs.</summary>
public sealed partial class PageQualityTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    [Fact]
    public async Task Pages_All_RunNothingInlineAndAreAccessible()
    {
        var pages = await EveryPageAsync();

        Assert.Equal(22, pages.Count);
        Assert.All(pages, page => Check(page.Name, page.Html, page.Policy));
    }

    [Fact]
    public async Task Assets_OfThePage_AreServedWithTheirTypes()
    {
        var api = shared.NewAccount();
        var html = await api.Http.GetStringAsync((await api.SessionAsync()).Text("url"), TestContext.Current.CancellationToken);

        var types = new List<string>();
        foreach (Match link in Links().Matches(html))
        {
            using var asset = await api.Http.GetAsync(link.Groups["url"].Value, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
            Assert.True(asset.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(300));
            types.Add(asset.Content.Headers.ContentType!.MediaType!);
        }

        Assert.Equal(["image/svg+xml", "text/css", "text/javascript"], types);
    }

    private static void Check(string name, string html, string policy)
    {
        void Holds(bool condition, string what) => Assert.True(condition, $"{name}: {what}\n{html}");

        Holds(policy.StartsWith(Policy, StringComparison.Ordinal), $"the policy is {policy}");
        Holds(!Inline().IsMatch(html), "something is inline");
        Holds(html.Contains("<html lang=\"en\">", StringComparison.Ordinal) && html.Contains("<main id=\"main\">", StringComparison.Ordinal), "language or landmark is missing");
        Holds(html.Contains("SANDBOX", StringComparison.Ordinal), "it does not say that it is a sandbox");

        var levels = Headings().Matches(html).Select(heading => heading.Groups["level"].Value[0] - '0').ToArray();
        Holds(levels is [1, ..] && levels.Count(level => level == 1) == 1, "there is not one first heading");
        Holds(levels.Zip(levels[1..]).All(pair => pair.Second <= pair.First + 1), "a level of heading is left out");

        var ids = Ids().Matches(html).Select(id => id.Groups["id"].Value).ToArray();
        Holds(ids.Distinct().Count() == ids.Length, "an id occurs twice");
        Holds(References().Matches(html).SelectMany(reference => reference.Groups["ids"].Value.Split(' ')).All(ids.Contains), "an id is referred to that is not there");
        foreach (Match field in Fields().Matches(html))
        {
            var id = Ids().Match(field.Value).Groups["id"].Value;
            Holds(field.Value.Contains("type=\"hidden\"", StringComparison.Ordinal) || html.Contains($"<label for=\"{id}\"", StringComparison.Ordinal)
                || html.Contains($"<label>{field.Value}", StringComparison.Ordinal), $"no label: {field.Value}");
        }
    }

    private async Task<List<(string Name, string Html, string Policy)>> EveryPageAsync()
    {
        var api = shared.NewAccount();
        var pages = new List<(string, string, string)>();
        async Task SeeAsync(string name, string url, params (string Name, string Value)[]? form)
        {
            using var content = new FormUrlEncodedContent((form ?? []).Select(field => KeyValuePair.Create(field.Name, field.Value)));
            using var answer = form is null ? await api.Http.GetAsync(url, TestContext.Current.CancellationToken) : await api.Http.PostAsync(url, content, TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode != 303, name);
            pages.Add((name, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers.GetValues("Content-Security-Policy").Single()));
        }

        var session = await api.SessionAsync("subscription", null, ("allow_promotion_codes", "true"));
        var url = session.Text("url");
        await SeeAsync("checkout", url, null);
        await SeeAsync("mistyped", url, ("card_number", "1"));
        await SeeAsync("no address", url, [.. PortalBuyer.Card(), ("email", "x")]);
        await SeeAsync("wrong code", url + "/promotion-code", ("promotion_code", "NOSUCH"));
        using var asked = await api.PayAsync(session, "4000002500003155");
        await SeeAsync("3-D Secure", url + "/authenticate", null);
        await SeeAsync("not confirmed", url + "/authenticate", ("outcome", "fail"));
        await SeeAsync("no outcome", url + "/authenticate", ("outcome", "perhaps"));
        using var paid = await api.PayAsync(session);
        await SeeAsync("paid", url, null);
        var expired = await api.SessionAsync("payment");
        await api.PostAsync($"/v1/checkout/sessions/{expired.Id()}/expire");
        await SeeAsync("expired", expired.Text("url"), null);
        var debited = await api.DebitedAsync("payment", Given.GoodAccount);
        await SeeAsync("debited", $"/c/pay/{debited.Id()}", null);
        await SeeAsync("unknown checkout", "/c/pay/nothing", null);

        var other = await api.PriceAsync(5000);
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([other], ("features[subscription_cancel][cancellation_reason][enabled]", "true"),
            ("features[subscription_cancel][cancellation_reason][options][0]", "too_expensive")));
        await SeeAsync("portal", portal.Url, null);
        await SeeAsync("plans", portal.Url + subscription.At("/update"), null);
        await SeeAsync("switch", portal.Url + subscription.At($"/update?price={other.Id()}"), null);
        await SeeAsync("cancel", portal.Url + subscription.At("/cancel"), null);
        await SeeAsync("card", portal.Url + "/payment-method", null);
        await SeeAsync("mistyped card", portal.Url + "/payment-method", ("card_number", "1"));
        await SeeAsync("invoice", portal.Url + $"/invoices/{subscription.Text("latest_invoice")}", null);
        await portal.PostAsync("/payment-method", 303, PortalBuyer.Card("4000002500003155"));
        await SeeAsync("3-D Secure for a card", portal.Url + "/payment-method/authenticate", null);
        await SeeAsync("refused", portal.Url + "/invoices/in_nothing", null);
        await portal.PostAsync(subscription.At("/cancel"), 303);
        await SeeAsync("cancelled", portal.Url, null);
        await SeeAsync("unknown portal", "/p/session/nothing", null);
        return pages;
    }

    [GeneratedRegex("<style| style=|<script(?! src=\"/pages/pages\\.js)|<[^>]* on[a-z]+=|https?://[^\"]*\\.(js|css)", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    [GeneratedRegex("<h(?<level>[1-6])[ >]")]
    private static partial Regex Headings();

    [GeneratedRegex(" id=\"(?<id>[^\"]*)\"")]
    private static partial Regex Ids();

    [GeneratedRegex(" (aria-describedby|aria-labelledby|for)=\"(?<ids>[^\"]*)\"")]
    private static partial Regex References();

    [GeneratedRegex("<(input|select|textarea)[^>]*>")]
    private static partial Regex Fields();

    [GeneratedRegex("(href|src)=\"(?<url>/pages/[^\"]*)\"")]
    private static partial Regex Links();
}
