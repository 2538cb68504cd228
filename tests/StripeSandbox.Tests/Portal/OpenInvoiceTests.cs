using System.Text.Json.Nodes;
using StripeSandbox.State;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Portal;

public sealed class OpenInvoiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sandbox-tests-").FullName;

    private string File => Path.Combine(_folder, "state.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task PayNow_AfterANewCard_PaysAndRevivesTheSubscription()
    {
        var subscription = await PastDueAsync();
        await using var sandbox = await TestSandbox.StartAsync(options => options.StateFile = File);
        var api = sandbox.Account("sk_test_debtor");
        var portal = await api.AtThePortalAsync(subscription);
        var pay = $"/invoices/{subscription.Text("latest_invoice")}/pay";

        (await portal.SeeAsync()).Shows("is not paid yet: $20.00, from visa ending in 4242");
        await portal.PostAsync("/payment-method", 303, PortalBuyer.Card("5555555555554444"));
        Assert.Equal("past_due", (await api.NowAsync(subscription)).Text("status"));
        var page = await portal.SeeAsync();
        page.Shows("from mastercard ending in 4444");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => portal.SubmitAsync(page, pay)));

        var invoice = await api.GetAsync($"/v1/invoices/{subscription.Text("latest_invoice")}?expand[]=payments");
        Assert.Equal("paid", invoice.Text("status"));
        Assert.Equal(2000, invoice.Number("amount_paid"));
        Assert.Equal("active", (await api.NowAsync(subscription)).Text("status"));
        // One charge by Checkout, one by the button.
        Assert.Equal(2, (await api.GetAsync("/v1/charges")).Data().Length);
        Assert.Equal("4444", (await api.GetAsync("/v1/charges")).Data()[0]["payment_method_details"]!["card"]!.Text("last4"));
        Assert.Equal(["invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"], (await api.EventTypesAsync())[^3..]);
        (await portal.SeeAsync()).Hides("is not paid yet");
    }

    [Fact]
    public async Task PastDueSubscription_Switch_IsRefused()
    {
        var subscription = await PastDueAsync();
        await using var sandbox = await TestSandbox.StartAsync(options => options.StateFile = File);
        var api = sandbox.Account("sk_test_debtor");
        var team = await api.PriceAsync(5000);
        var portal = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([team]));

        (await portal.SeeAsync()).Hides("Update plan");
        (await portal.PostAsync(subscription.At("/update"), 409, ("price", team.Id()))).Shows("Pay what is open first.");
    }

    /// <summary>A subscription whose invoice was never paid, written into the state file.</summary>
    private async Task<JsonObject> PastDueAsync()
    {
        JsonObject subscription;
        await using (var sandbox = await TestSandbox.StartAsync(options => options.StateFile = File))
        {
            subscription = await sandbox.Account("sk_test_debtor").SubscriptionAsync();
        }

        var debtor = Journal.Read(File).First(line => line.ContainsKey("account")).Text("account");
        JsonObject Stored(string id) => Journal.Read(File).Where(line => line.ContainsKey("put")).SelectMany(line => line["put"]!.AsArray()).Last(json => json!.Id() == id)!.AsObject();
        var (owing, invoice) = (Stored(subscription.Id()), Stored(subscription.Text("latest_invoice")));
        owing["status"] = "past_due";
        (invoice["status"], invoice["amount_paid"], invoice["amount_remaining"]) = ("open", 0, 2000);
        invoice["status_transitions"]!["paid_at"] = null;
        await System.IO.File.AppendAllTextAsync(File, Journal.Line(debtor, [owing, invoice], []).ToJsonString() + "\n", TestContext.Current.CancellationToken);
        return subscription;
    }
}
