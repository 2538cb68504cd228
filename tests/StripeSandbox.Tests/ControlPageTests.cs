using System.Net;
using System.Net.Http.Headers;
using StripeSandbox.Faults;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests;

/// <summary>The control page: what it shows, what its forms do, and from where it may be used.</summary>
public sealed class ControlPageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OpenedByABrowser_ShowsEventsWithTheirAnswers()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var api = sandbox.NewAccount();
        await receiver.RegisterAsync(api);
        await api.PostAsync("/v1/customers", ("email", "buyer@example.com"));
        await sandbox.Host.SettleAsync(Ct);

        var html = await PageAsync(sandbox);

        Assert.Contains("customer.created", html, StringComparison.Ordinal);
        Assert.Contains("succeeded", html, StringComparison.Ordinal);
        Assert.Contains(": 200", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resend_OfAnEvent_DeliversItAgain()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var api = sandbox.NewAccount();
        await receiver.RegisterAsync(api);
        await api.PostAsync("/v1/customers");
        await sandbox.Host.SettleAsync(Ct);
        var created = (await api.EventsAsync()).Single();

        using var resent = await SubmitAsync(sandbox, $"events/{created.Id()}/resend");
        await sandbox.Host.SettleAsync(Ct);

        Assert.Equal((HttpStatusCode.SeeOther, "/_sandbox?done=resent"), (resent.StatusCode, resent.Headers.Location!.OriginalString));
        Assert.Contains("succeeded (resent)", await PageAsync(sandbox), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_MovedByForms_GoesByAndTo()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var before = sandbox.Now;

        using var day = await SubmitAsync(sandbox, "clock", ("by", "day"));
        Assert.InRange(sandbox.Now - before, 86400, 86500);
        using var to = await SubmitAsync(sandbox, "clock", ("to", DateTimeOffset.FromUnixTimeSeconds(before + 864000).ToString("yyyy-MM-dd'T'HH:mm", null)));
        Assert.InRange(sandbox.Now - before, 864000 - 60, 864100);
        using var back = await SubmitAsync(sandbox, "clock", ("to", "2001-01-01T00:00"));
        using var nowhere = await SubmitAsync(sandbox, "clock", ("to", "soon"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (back.StatusCode, nowhere.StatusCode));
        Assert.Contains("The clock never goes back.", await back.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_AddedAndRemovedByForms_ComesAndGoes()
    {
        await using var sandbox = await TestSandbox.StartAsync();

        using var added = await SubmitAsync(sandbox, "faults", ("fault", "delivery/drop"), ("target", "invoice.*"), ("count", "2"));
        var fault = Assert.Single(sandbox.Host.Faults.All);
        var html = await PageAsync(sandbox);
        using var removed = await SubmitAsync(sandbox, $"faults/{fault.Id}/remove");
        using var wrong = await SubmitAsync(sandbox, "faults", ("fault", "charge/decline"));

        Assert.Equal(new DeliveryFault(DeliveryFaultKind.Drop) { Event = "invoice.*", Count = 2 }, fault.Fault);
        Assert.Contains("event invoice.*", html, StringComparison.Ordinal);
        Assert.Empty(sandbox.Host.Faults.All);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Dispute_OpenedAndWonByForms_IsDecided()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        await api.SubscriptionAsync();
        var charge = (await api.GetAsync("/v1/charges")).Data().Single();

        using var opened = await SubmitAsync(sandbox, "disputes", ("charge", charge.Id()));
        var dispute = (await api.GetAsync("/v1/disputes")).Data().Single();
        using var won = await SubmitAsync(sandbox, $"disputes/{dispute.Id()}/win");

        Assert.Equal("needs_response", dispute.Text("status"));
        Assert.Equal("won", (await api.GetAsync($"/v1/disputes/{dispute.Id()}")).Text("status"));
    }

    [Theory]
    [InlineData("page/clock", "Sec-Fetch-Site", "cross-site")]
    [InlineData("page/clock", "Sec-Fetch-Site", "same-site")]
    [InlineData("page/clock", "Origin", "https://evil.example")]
    [InlineData("page/clock", "Origin", "null")]
    [InlineData("clock/advance", "Origin", "https://evil.example")]
    public async Task Control_UsedByAPageOfAnotherOrigin_IsRefused(string path, string header, string value)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_sandbox/" + path) { Content = new StringContent("""{"seconds": 86400}""") };
        request.Headers.Add(header, value);

        using var answer = await sandbox.Http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.InRange(sandbox.Host.Clock.Offset, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Forms_OfThePageItself_AreTakenByWhatBrowsersSend()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_sandbox/page/clock")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("by", "hour")]),
            Headers = { { "Sec-Fetch-Site", "same-origin" }, { "Origin", "null" } }, // null, as the page's policy is to send no referrer
        };

        using var answer = await sandbox.Http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    private static async Task<string> PageAsync(TestSandbox sandbox)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_sandbox") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } } };
        using var page = await sandbox.Http.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync(Ct);
    }

    private static async Task<HttpResponseMessage> SubmitAsync(TestSandbox sandbox, string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        return await sandbox.Http.PostAsync("/_sandbox/page/" + path, content, Ct);
    }
}
