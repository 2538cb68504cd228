using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>The types that are read from JSON. A new resource adds its entity and, if it can be listed, its list.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(UnixTimeConverter)])]
[JsonSerializable(typeof(BillingPortal.Configuration))]
[JsonSerializable(typeof(BillingPortal.Session), TypeInfoPropertyName = "BillingPortalSession")]
[JsonSerializable(typeof(Charge))]
[JsonSerializable(typeof(Checkout.Session), TypeInfoPropertyName = "CheckoutSession")]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(Dispute))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(Invoice))]
[JsonSerializable(typeof(InvoiceLineItem))]
[JsonSerializable(typeof(InvoicePayment))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(LineItem))]
[JsonSerializable(typeof(PaymentIntent))]
[JsonSerializable(typeof(Price))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(StripeErrorEnvelope))]
[JsonSerializable(typeof(StripeList<BillingPortal.Configuration>))]
[JsonSerializable(typeof(StripeList<Charge>))]
[JsonSerializable(typeof(StripeList<Checkout.Session>), TypeInfoPropertyName = "StripeListCheckoutSession")]
[JsonSerializable(typeof(StripeList<Customer>))]
[JsonSerializable(typeof(StripeList<Dispute>))]
[JsonSerializable(typeof(StripeList<Event>))]
[JsonSerializable(typeof(StripeList<Invoice>))]
[JsonSerializable(typeof(StripeList<InvoicePayment>))]
[JsonSerializable(typeof(StripeList<LineItem>))]
[JsonSerializable(typeof(StripeList<Price>))]
[JsonSerializable(typeof(StripeList<Product>))]
[JsonSerializable(typeof(StripeList<Refund>))]
[JsonSerializable(typeof(StripeList<Subscription>))]
[JsonSerializable(typeof(StripeList<WebhookEndpoint>))]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(SubscriptionItem))]
[JsonSerializable(typeof(WebhookEndpoint))]
internal sealed partial class StripeJsonContext : JsonSerializerContext;
