namespace Stripe.Tests.Api;

public sealed class ServiceRouteTests
{
    [Fact]
    public void Methods_OfAllServices_CallTheseRoutes() => Assert.Equal(
        """
        BillingPortal.ConfigurationService.CreateAsync POST /v1/billing_portal/configurations
        BillingPortal.ConfigurationService.ListAsync GET /v1/billing_portal/configurations
        BillingPortal.ConfigurationService.UpdateAsync POST /v1/billing_portal/configurations/ID
        BillingPortal.SessionService.CreateAsync POST /v1/billing_portal/sessions
        ChargeService.GetAsync GET /v1/charges/ID
        ChargeService.ListAsync GET /v1/charges
        Checkout.SessionLineItemService.ListAsync GET /v1/checkout/sessions/ID/line_items
        Checkout.SessionService.CreateAsync POST /v1/checkout/sessions
        Checkout.SessionService.ExpireAsync POST /v1/checkout/sessions/ID/expire
        Checkout.SessionService.GetAsync GET /v1/checkout/sessions/ID
        Checkout.SessionService.ListAsync GET /v1/checkout/sessions
        CustomerService.CreateAsync POST /v1/customers
        CustomerService.DeleteAsync DELETE /v1/customers/ID
        CustomerService.GetAsync GET /v1/customers/ID
        CustomerService.ListAsync GET /v1/customers
        CustomerService.UpdateAsync POST /v1/customers/ID
        DisputeService.GetAsync GET /v1/disputes/ID
        DisputeService.ListAsync GET /v1/disputes
        EventService.GetAsync GET /v1/events/ID
        EventService.ListAsync GET /v1/events
        InvoicePaymentService.GetAsync GET /v1/invoice_payments/ID
        InvoicePaymentService.ListAsync GET /v1/invoice_payments
        InvoiceService.GetAsync GET /v1/invoices/ID
        InvoiceService.ListAsync GET /v1/invoices
        PaymentIntentService.GetAsync GET /v1/payment_intents/ID
        PriceService.CreateAsync POST /v1/prices
        PriceService.GetAsync GET /v1/prices/ID
        PriceService.ListAsync GET /v1/prices
        PriceService.UpdateAsync POST /v1/prices/ID
        ProductService.CreateAsync POST /v1/products
        ProductService.GetAsync GET /v1/products/ID
        ProductService.ListAsync GET /v1/products
        ProductService.UpdateAsync POST /v1/products/ID
        RefundService.CreateAsync POST /v1/refunds
        RefundService.GetAsync GET /v1/refunds/ID
        RefundService.ListAsync GET /v1/refunds
        SubscriptionService.CancelAsync DELETE /v1/subscriptions/ID
        SubscriptionService.GetAsync GET /v1/subscriptions/ID
        SubscriptionService.ListAsync GET /v1/subscriptions
        SubscriptionService.UpdateAsync POST /v1/subscriptions/ID
        WebhookEndpointService.CreateAsync POST /v1/webhook_endpoints
        WebhookEndpointService.DeleteAsync DELETE /v1/webhook_endpoints/ID
        WebhookEndpointService.GetAsync GET /v1/webhook_endpoints/ID
        WebhookEndpointService.ListAsync GET /v1/webhook_endpoints
        WebhookEndpointService.UpdateAsync POST /v1/webhook_endpoints/ID
        """.Split('\n').Order(StringComparer.Ordinal),
        CapturingClient.Operations
            .Select(operation => $"{operation.Name["Stripe.".Length..]} {operation.Verb} {operation.Path}")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Services_ThatCanBeListed_PageByThemselvesToo() => Assert.All(
        CapturingClient.Operations.Where(operation => operation.Name.EndsWith(".ListAsync", StringComparison.Ordinal)),
        operation => Assert.NotNull(typeof(StripeClient).Assembly
            .GetType(operation.Name[..^".ListAsync".Length])!.GetMethod("ListAutoPagingAsync")));
}
