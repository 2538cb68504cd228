using Stripe.Tests.Server;

namespace Stripe.Tests.Http;

public sealed class ClientTests : StripeServerTest
{
    [Fact]
    public async Task V1_Services_CallThroughTheirClient()
    {
        var v1 = Stripe.Client().V1;
        Func<Task>[] calls =
        [
            () => v1.BillingPortal.Configurations.ListAsync(cancellationToken: Cancel),
            () => v1.BillingPortal.Sessions.CreateAsync(new(), cancellationToken: Cancel),
            () => v1.Checkout.Sessions.LineItems.ListAsync("cs_1", cancellationToken: Cancel),
            () => v1.Customers.ListAsync(cancellationToken: Cancel),
            () => v1.Events.ListAsync(cancellationToken: Cancel),
            () => v1.Invoices.ListAsync(cancellationToken: Cancel),
            () => v1.PaymentIntents.GetAsync("pi_1", cancellationToken: Cancel),
            () => v1.Prices.ListAsync(cancellationToken: Cancel),
            () => v1.Products.ListAsync(cancellationToken: Cancel),
            () => v1.Subscriptions.ListAsync(cancellationToken: Cancel),
            () => v1.WebhookEndpoints.ListAsync(cancellationToken: Cancel),
        ];

        foreach (var call in calls)
        {
            Stripe.Ok("{}");
            await call();
        }

        Assert.Equal(
            [
                "/v1/billing_portal/configurations", "/v1/billing_portal/sessions", "/v1/checkout/sessions/cs_1/line_items",
                "/v1/customers", "/v1/events", "/v1/invoices", "/v1/payment_intents/pi_1", "/v1/prices", "/v1/products",
                "/v1/subscriptions", "/v1/webhook_endpoints",
            ],
            Stripe.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Client_FromOptions_UsesThem()
    {
        Stripe.Ok();
        var client = new StripeClient(new StripeClientOptions
        {
            ApiKey = "sk_test_9",
            ApiBase = Stripe.Url,
            HttpClient = new SystemNetHttpClient(maxNetworkRetries: 0),
        });

        await client.V1.Customers.GetAsync("cus_1", cancellationToken: Cancel);

        Assert.Equal("Bearer sk_test_9", Stripe.Request.Header("Authorization"));
    }
}
