using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Checkout;

public sealed class FirstPurchaseTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Purchase_NewBuyer_FiresTheEventsOfAFirstSubscription()
    {
        var api = shared.NewAccount();
        await using var receiver = await Receiver.StartAsync();
        var endpoint = await receiver.RegisterAsync(api);
        var session = await api.SessionAsync("subscription", null, ("metadata[org]", "7"), ("subscription_data[metadata][org]", "8"), ("client_reference_id", "org_7"));

        using var paid = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"), ("name", "Jo Buyer"));

        string[] expected = ["customer.created", "payment_method.attached", "customer.updated", "invoice.created", "customer.subscription.created", "invoice.finalized",
            "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.updated", "invoice.paid",
            "invoice.payment_succeeded", "checkout.session.completed"];
        Assert.Equal(expected, (await api.EventTypesAsync())[2..]);
        await receiver.HasAsync(2 + expected.Length);
        Assert.Equal(expected.Concat(["product.created", "price.created"]).Order(), receiver.Types.Order());
        foreach (var received in receiver.Received)
        {
            // The client that a service would use accepts each of them.
            var parsed = Stripe.EventUtility.ConstructEvent(received.Body, received.Signature, endpoint.Text("secret"));
            Assert.Equal(received.Event.Id(), parsed.Id);
            StripeSchema.Instance?.CheckEvent(received.Event);
        }
    }

    [Fact]
    public async Task Purchase_Subscription_LinksEveryObjectToItsNeighbours()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync("subscription", null, ("metadata[org]", "7"), ("subscription_data[metadata][org]", "8"));
        using var paid = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"), ("name", "Jo Buyer"));

        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}?expand[]=subscription.latest_invoice.payments&expand[]=line_items&expand[]=customer");

        Assert.Equal("complete", session.Text("status"));
        Assert.Equal("paid", session.Text("payment_status"));
        Assert.Null(session["url"]);
        Assert.Null(session["payment_intent"]);
        Assert.Equal("buyer@example.com", session["customer"]!.Text("email"));
        Assert.Equal("Jo Buyer", session["customer_details"]!.Text("name"));
        Assert.Equal("Pro", session["line_items"]!.Data().Single().Text("description"));
        var subscription = session["subscription"]!.AsObject();
        Assert.Equal("active", subscription.Text("status"));
        Assert.Equal("8", subscription["metadata"]!.Text("org"));
        Assert.Equal("flexible", subscription["billing_mode"]!.Text("type"));
        var invoice = subscription["latest_invoice"]!;
        Assert.Equal("subscription_create", invoice.Text("billing_reason"));
        Assert.Equal("paid", invoice.Text("status"));
        Assert.Equal(2000, invoice.Number("amount_paid"));
        Assert.Equal("8", invoice["parent"]!["subscription_details"]!["metadata"]!.Text("org"));
        Assert.Equal(subscription.Item().Number("current_period_end"), invoice["lines"]!.Data().Single()["period"]!.Number("end"));
        var intent = await api.GetAsync($"/v1/payment_intents/{invoice["payments"]!.Data().Single()["payment"]!.Text("payment_intent")}?expand[]=latest_charge&expand[]=payment_method");
        Assert.Equal("succeeded", intent.Text("status"));
        Assert.Equal("4242", intent["payment_method"]!["card"]!.Text("last4"));
        Assert.Equal(2000, intent["latest_charge"]!.Number("amount_captured"));
    }

    [Fact]
    public async Task Purchase_PaymentMode_MakesAPaymentIntentAndNoInvoice()
    {
        var api = shared.NewAccount();
        var session = await api.PostAsync("/v1/checkout/sessions", ("mode", "payment"), ("line_items[0][price_data][currency]", "usd"), ("line_items[0][price_data][unit_amount]", "1250"),
            ("line_items[0][price_data][product_data][name]", "500 credits"), ("line_items[0][quantity]", "2"), ("success_url", "http://shop.test/ok"), ("payment_intent_data[metadata][org]", "7"));

        using var paid = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"));

        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}?expand[]=payment_intent");
        Assert.Equal(2500, session.Number("amount_total"));
        Assert.Null(session["customer"]);
        Assert.Null(session["invoice"]);
        Assert.Equal("7", session["payment_intent"]!["metadata"]!.Text("org"));
        Assert.Equal("buyer@example.com", session["customer_details"]!.Text("email"));
        Assert.Equal(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"], (await api.EventTypesAsync())[1..]);
        Assert.Equal(session.Id(), (await api.GetAsync($"/v1/checkout/sessions?payment_intent={session["payment_intent"]!.Id()}")).Data().Single().Id());
    }

    [Fact]
    public async Task Purchase_FreePrice_NeedsNoPayment()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync("subscription", await api.PriceAsync(amount: 0));
        Assert.Equal("no_payment_required", session.Text("payment_status"));

        using var paid = await api.PayAsync(session, Given.GoodCard, ("email", "buyer@example.com"));

        session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}?expand[]=invoice.payments");
        Assert.Equal("no_payment_required", session.Text("payment_status"));
        Assert.Equal("paid", session["invoice"]!.Text("status"));
        Assert.Empty(session["invoice"]!["payments"]!.Data());
        Assert.Empty((await api.GetAsync("/v1/charges")).Data());
    }

    [Fact]
    public async Task Purchase_WithAOneTimePrice_PutsItOnTheFirstInvoice()
    {
        var api = shared.NewAccount();
        var setup = await api.PriceAsync(amount: 500, interval: null);
        var subscription = await api.SubscriptionAsync(null, ("line_items[1][price]", setup.Id()), ("line_items[1][quantity]", "1"));

        var invoice = await api.GetAsync($"/v1/invoices/{subscription.Text("latest_invoice")}");

        Assert.Equal(2500, invoice.Number("total"));
        Assert.Equal(["subscription_item_details", "invoice_item_details"], invoice["lines"]!.Data().Select(line => line["parent"]!.Text("type")));
        Assert.Single(subscription["items"]!.Data());
    }
}
