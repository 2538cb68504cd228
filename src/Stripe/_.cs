namespace Stripe;
