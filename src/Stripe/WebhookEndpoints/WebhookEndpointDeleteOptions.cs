namespace Stripe;

public sealed class WebhookEndpointDeleteOptions : BaseOptions;
