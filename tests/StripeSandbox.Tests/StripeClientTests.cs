using Stripe;
using Stripe.Checkout;
using StripeSandbox.Tests.Reversals;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests;

/// <summary>The client that a service uses understands the sandbox.</summary>
public sealed class StripeClientTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Client_WholePurchase_ReadsEveryObject()
    {
        var ct = TestContext.Current.CancellationToken;
        var api = shared.NewAccount();
        var client = new StripeClient(apiKey: api.Key, apiBase: api.Url.GetLeftPart(UriPartial.Authority));
        var price = await new PriceService(client).CreateAsync(new PriceCreateOptions
        {
            Currency = "usd",
            UnitAmount = 2000,
            LookupKey = "pro_monthly",
            Recurring = new PriceRecurringOptions { Interval = "month" },
            ProductData = new PriceProductDataOptions { Name = "Pro" },
        }, cancellationToken: ct);
        var customer = await new CustomerService(client).CreateAsync(new CustomerCreateOptions { Email = "buyer@example.com" }, cancellationToken: ct);
        var sessions = new SessionService(client);
        var session = await sessions.CreateAsync(new SessionCreateOptions
        {
            Mode = "subscription",
            Customer = customer.Id,
            LineItems = [new SessionLineItemOptions { Price = price.Id, Quantity = 1 }],
            SuccessUrl = "http://shop.test/thanks?session_id={CHECKOUT_SESSION_ID}",
        }, cancellationToken: ct);

        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["card_number"] = Given.GoodCard, ["exp"] = "12/60", ["cvc"] = "123" });
        using var paid = await api.Http.PostAsync(session.Url, form, ct);
        session = await sessions.GetAsync(session.Id, new SessionGetOptions { Expand = ["subscription.latest_invoice"] }, cancellationToken: ct);

        Assert.Equal("paid", session.PaymentStatus);
        Assert.Equal("active", session.Subscription!.Status);
        Assert.Equal(price.Id, session.Subscription!.Items.Data[0].Price.Id);
        Assert.Equal(2000, session.Subscription!.LatestInvoice!.AmountPaid);
        var subscriptions = new SubscriptionService(client);
        var cancelled = await subscriptions.CancelAsync(session.SubscriptionId!, cancellationToken: ct);
        Assert.Equal("canceled", cancelled.Status);
        var events = await new EventService(client).ListAsync(new EventListOptions { Type = "customer.subscription.deleted" }, cancellationToken: ct);
        Assert.Equal(session.SubscriptionId, Assert.IsType<Subscription>(events.Data.Single().Data.Object).Id);
        var refusal = await Assert.ThrowsAsync<StripeException>(() => subscriptions.CancelAsync(session.SubscriptionId!, cancellationToken: ct));
        Assert.Equal("resource_missing", refusal.StripeError!.Code);
    }

    [Fact]
    public async Task Client_RefundAndDispute_ReadsEveryObject()
    {
        var ct = TestContext.Current.CancellationToken;
        var api = shared.NewAccount();
        var client = new StripeClient(apiKey: api.Key, apiBase: api.Url.GetLeftPart(UriPartial.Authority));
        var paid = await api.ChargeAsync();

        var refund = await client.V1.Refunds.CreateAsync(new RefundCreateOptions { PaymentIntent = paid.Text("payment_intent"), Amount = 500, Reason = "duplicate" }, cancellationToken: ct);
        await api.DisputeAsync(paid);

        Assert.Equal(("succeeded", 500L, paid.Id()), (refund.Status, refund.Amount, refund.ChargeId));
        var charge = await new ChargeService(client).GetAsync(refund.ChargeId!, new ChargeGetOptions { Expand = ["refunds"] }, cancellationToken: ct);
        Assert.Equal((500L, false, true, refund.Id), (charge.AmountRefunded, charge.Refunded, charge.Disputed, charge.Refunds!.Single().Id));
        var dispute = (await new DisputeService(client).ListAsync(new DisputeListOptions { Charge = charge.Id }, cancellationToken: ct)).Data.Single();
        Assert.Equal(("needs_response", "fraudulent", 2000L, charge.Id), (dispute.Status, dispute.Reason, dispute.Amount, dispute.ChargeId));
        var events = await new EventService(client).ListAsync(new EventListOptions
        {
            Types = [EventTypes.RefundCreated, EventTypes.ChargeRefunded, EventTypes.ChargeDisputeCreated],
        }, cancellationToken: ct);
        Assert.Equal([dispute.Id, charge.Id, refund.Id], events.Data.Select(told => told.Data.Object switch
        {
            Dispute about => about.Id,
            Charge about => about.Id,
            Refund about => about.Id,
            _ => null,
        }));
        var refusal = await Assert.ThrowsAsync<StripeException>(() => client.V1.Refunds.CreateAsync(new RefundCreateOptions { Charge = charge.Id }, cancellationToken: ct));
        Assert.Equal("refund_disputed_payment", refusal.StripeError!.Code);
    }
}
