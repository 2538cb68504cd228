namespace Stripe;

/// <summary>The v1 API of one client, by resource.</summary>
public sealed class V1Services
{
    internal V1Services(IStripeClient client)
    {
        BillingPortal = new V1BillingPortalServices(client);
        Checkout = new V1CheckoutServices(client);
        Customers = new CustomerService(client);
        Events = new EventService(client);
        Invoices = new InvoiceService(client);
        PaymentIntents = new PaymentIntentService(client);
        Prices = new PriceService(client);
        Products = new ProductService(client);
        Refunds = new RefundService(client);
        Subscriptions = new SubscriptionService(client);
        WebhookEndpoints = new WebhookEndpointService(client);
    }

    public V1BillingPortalServices BillingPortal { get; }
    public V1CheckoutServices Checkout { get; }
    public CustomerService Customers { get; }
    public EventService Events { get; }
    public InvoiceService Invoices { get; }
    public PaymentIntentService PaymentIntents { get; }
    public PriceService Prices { get; }
    public ProductService Products { get; }
    public RefundService Refunds { get; }
    public SubscriptionService Subscriptions { get; }
    public WebhookEndpointService WebhookEndpoints { get; }
}
