namespace Stripe;

public sealed class WebhookEndpointGetOptions : BaseOptions;
