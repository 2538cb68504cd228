using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StripeSandbox.Tests.Support;

/// <summary>A customer at the portal: sees pages as text, and sends the forms that they hold, hidden fields and all.</summary>
internal sealed class PortalBuyer(HttpClient http, string url)
{
    public string Url { get; } = url;

    public Task<PortalView> SeeAsync(string path = "") => SeeAsync(path, 200);

    public async Task<PortalView> SeeAsync(string path, int status)
    {
        using var response = await http.GetAsync(Url + path, TestContext.Current.CancellationToken);
        return await ReadAsync(response, status);
    }

    /// <summary>One plain POST, as curl would send it. 303: done.</summary>
    public async Task<PortalView> PostAsync(string path, int status, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await http.PostAsync(Url + path, content, TestContext.Current.CancellationToken);
        return await ReadAsync(response, status);
    }

    /// <summary>Sends the form of a page that posts to the path; given fields come on top of the hidden ones.</summary>
    public Task<PortalView> SubmitAsync(PortalView page, string path, int status = 303, params (string Name, string Value)[] typed) =>
        PostAsync(path, status, [.. page.Hidden(new Uri(Url).AbsolutePath + path).Where(field => typed.All(own => own.Name != field.Name)), .. typed]);

    public static (string, string)[] Card(string number = Given.GoodCard) => [("card_number", number), ("exp", "12/60"), ("cvc", "123")];

    private static async Task<PortalView> ReadAsync(HttpResponseMessage response, int status)
    {
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {html}");
        return new PortalView(html, response.Headers.Location?.OriginalString, response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : null);
    }
}

/// <summary>A page as it came.</summary>
internal sealed partial record PortalView(string Html, string? Location, string? Policy)
{
    /// <summary>What a reader sees: no tags, entities decoded, white space folded.</summary>
    public string Text => WebUtility.HtmlDecode(Spaces().Replace(Tags().Replace(Html, " "), " "));

    public void Shows(string text) => Assert.Contains(text, Text, StringComparison.Ordinal);

    public void Hides(string text) => Assert.DoesNotContain(text, Text, StringComparison.Ordinal);

    public (string Name, string Value)[] Hidden(string action)
    {
        var form = Forms().Matches(Html).FirstOrDefault(form => WebUtility.HtmlDecode(form.Groups["action"].Value) == action);
        Assert.True(form is not null, $"No form posts to {action}: {Html}");
        return [.. Fields().Matches(form.Value).Select(field => (field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value)))];
    }

    [GeneratedRegex("<form[^>]*method=\"post\" action=\"(?<action>[^\"]*)\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\">")]
    private static partial Regex Fields();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}

/// <summary>What portal tests start from.</summary>
internal static class GivenPortal
{
    /// <summary>A configuration like the billing service's: upgrades charged at once, downgrades at the period's end. Given fields come on top.</summary>
    public static Task<JsonObject> PortalConfigurationAsync(this Api api, JsonObject[] prices, params (string Name, string Value)[] more)
    {
        List<(string Name, string Value)> form =
        [
            ("features[subscription_update][enabled]", "true"), ("features[subscription_update][default_allowed_updates][0]", "price"),
            ("features[subscription_update][proration_behavior]", "always_invoice"),
            ("features[subscription_update][schedule_at_period_end][conditions][0][type]", "decreasing_item_amount"),
            ("features[subscription_update][schedule_at_period_end][conditions][1][type]", "shortening_interval"),
            ("features[subscription_cancel][enabled]", "true"), ("features[payment_method_update][enabled]", "true"), ("features[invoice_history][enabled]", "true"),
        ];
        foreach (var (i, product) in prices.GroupBy(price => price.Text("product")).Index())
        {
            form.Add(($"features[subscription_update][products][{i}][product]", product.Key));
            form.AddRange(product.Select((price, j) => ($"features[subscription_update][products][{i}][prices][{j}]", price.Id())));
        }

        form.RemoveAll(field => more.Any(own => own.Name == field.Name));
        return api.PostAsync("/v1/billing_portal/configurations", [.. form, .. more]);
    }

    public static async Task<PortalBuyer> AtThePortalAsync(this Api api, JsonObject subscription, JsonObject? configuration = null, params (string, string)[] more)
    {
        (string, string)[] given = configuration is null ? more : [("configuration", configuration.Id()), .. more];
        var session = await api.PostAsync("/v1/billing_portal/sessions", [("customer", subscription.Text("customer")), ("return_url", "http://shop.test/account"), .. given]);
        return new PortalBuyer(api.Http, session.Text("url"));
    }

    public static Task<JsonObject> NowAsync(this Api api, JsonObject subscription) => api.GetAsync($"/v1/subscriptions/{subscription.Id()}");

    public static string At(this JsonObject subscription, string page) => $"/subscriptions/{subscription.Id()}{page}";

    public static string Day(long unix) => DateTimeOffset.FromUnixTimeSeconds(unix).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
