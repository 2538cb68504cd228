using System.Collections.Frozen;
using System.Text.Json;

namespace Stripe;

/// <summary>The types that the object of an event is read as, by the name that it carries.</summary>
internal static class EventObjects
{
    private static readonly FrozenDictionary<string, Type> Types = new Dictionary<string, Type>
    {
        ["billing_portal.configuration"] = typeof(BillingPortal.Configuration),
        ["billing_portal.session"] = typeof(BillingPortal.Session),
        ["charge"] = typeof(Charge),
        ["checkout.session"] = typeof(Checkout.Session),
        ["customer"] = typeof(Customer),
        ["dispute"] = typeof(Dispute),
        ["invoice"] = typeof(Invoice),
        ["invoice_payment"] = typeof(InvoicePayment),
        ["payment_intent"] = typeof(PaymentIntent),
        ["price"] = typeof(Price),
        ["product"] = typeof(Product),
        ["refund"] = typeof(Refund),
        ["subscription"] = typeof(Subscription),
    }.ToFrozenDictionary();

    /// <summary>Null for an object of a type that is not in the table.</summary>
    public static IHasObject? Read(JsonElement element, JsonSerializerOptions options) =>
        element.TryGetProperty("object", out var name)
        && name.ValueKind == JsonValueKind.String
        && Types.TryGetValue(name.GetString()!, out var type)
            ? (IHasObject?)element.Deserialize(options.GetTypeInfo(type))
            : null;
}
