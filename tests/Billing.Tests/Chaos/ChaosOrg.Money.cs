using System.Text;
using System.Text.Json.Nodes;
using Billing.Authentication;

namespace Billing.Tests.Chaos;

/// <summary>What an org buys besides its plan, spends, and gets back.</summary>
internal sealed partial class ChaosOrg
{
    /// <summary>A refund to it succeeds, and fails a minute later.</summary>
    private const string RefundFailsCard = "4000000000005126";

    private async Task<string> BuyCreditsAsync()
    {
        var (pack, refundsFail, isActivated) = (Draw("small", "medium"), Draw(true, false, false), Draw(true, true, true, false));
        var account = Draw(null, null, null, "000123456789", "000111111116");
        var topUp = await TriedAsync(() => org.CallAsync("/topup", new { pack }));
        if (topUp.Status != 200)
        {
            return $"{pack}: {topUp.Status} {topUp["error.code"]}";
        }
        if (account is not null)
        {
            Assert.NotNull(await org.PayFromBankAsync(topUp["url"]!, account));
            return $"{pack} from bank account {account}: {await ActivateAsync(topUp["session_id"]!, isActivated)}";
        }
        Assert.NotNull(await org.PayAsync(topUp["url"]!, refundsFail ? RefundFailsCard : "4242424242424242"));
        var session = topUp["session_id"]!;
        var answer = await ActivateAsync(session, isActivated);
        var paid = await new Stripe.Checkout.SessionService(world.Stripe).GetAsync(session);
        _bought.Add(new Bought($"top-up {_bought.Count}", paid.PaymentIntentId!, paid.AmountTotal!.Value)
        {
            Credits = !isActivated ? 0 : pack == "small" ? 500 : 2000,
            RefundsFail = refundsFail,
        });
        return $"{pack}: {answer}";
    }

    /// <summary>Only what it surely has, whatever else is booked or not.</summary>
    private async Task<string> SpendAsync()
    {
        var sure = _bought.Where(bought => bought.IsUntouched).Sum(bought => bought.Credits) - _debited;
        if (sure <= 1)
        {
            return "nothing";
        }
        var amount = random.Next(1, (int)sure);
        using var client = world.Client(await world.CreateKeyAsync(Role.Service));
        client.DefaultRequestHeaders.Add("Billing-Org", org.Id);
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var json = new StringContent($$"""{"amount":{{amount}}}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/billing/credits/debit", json);
        _debited += amount;
        return $"{amount}: {(int)response.StatusCode}";
    }

    /// <summary>From now on money may go back of its newest invoice.</summary>
    private async Task<string> KeepInvoiceAsync(StripeTruth truth)
    {
        var invoice = await world.Events.GetAsync("/v1/invoices/" + truth.Invoice);
        var payments = (await world.Events.GetAsync("/v1/invoice_payments?invoice=" + truth.Invoice))["data"]!.AsArray();
        if (payments is not [{ } only] || only["payment"]!["payment_intent"] is not { } payment || _bought.Exists(b => b.Payment == payment.ToString()))
        {
            return "nothing";
        }
        _bought.Insert(0, new Bought($"invoice {_bought.Count}", payment.ToString(), invoice["amount_paid"]!.GetValue<long>()));
        return invoice["billing_reason"]!.ToString();
    }

    private async Task<string> RefundAsync(Bought bought)
    {
        var amount = bought.RefundsFail || Draw(true, false) ? bought.Left : bought.Left / 3;
        var refund = await new Stripe.RefundService(world.Stripe).CreateAsync(new() { PaymentIntent = bought.Payment, Amount = amount });
        bought.Refunded += amount;
        return $"{(bought.Left == 0 ? "all" : "a part")}: {refund.Status}";
    }

    private async Task<string> DisputeAsync(Bought bought)
    {
        var made = await ControlAsync("disputes", new JsonObject { ["payment_intent"] = bought.Payment });
        bought.Dispute = made["id"]!.ToString();
        return made["status"]!.ToString();
    }

    private async Task<string> DecideAsync(Bought bought, string outcome)
    {
        var dispute = await world.Events.GetAsync("/v1/disputes/" + bought.Dispute);
        if (dispute["status"]!.ToString() is "won" or "lost")
        {
            return "over";
        }
        return (await ControlAsync($"disputes/{bought.Dispute}/{outcome}", []))["status"]!.ToString();
    }

    private async Task<JsonNode> ControlAsync(string call, JsonObject body)
    {
        using var client = new HttpClient { BaseAddress = world.Sandbox.Url };
        using var json = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/_sandbox/" + call, json);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer)!;
    }
}
