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
    /// <exception cref="JsonException">It is not of the shape of its type, or names something twice.</exception>
    public static IHasObject? Read(ReadOnlySpan<byte> json)
    {
        if (Name(json) is { } name && Types.TryGetValue(name, out var type))
        {
            return (IHasObject?)JsonSerializer.Deserialize(json, StripeJson.Options.GetTypeInfo(type));
        }
        StripeJson.Deserialize<JsonElement>(json); // all of it, as nobody knows what will be read
        return null;
    }

    private static string? Name(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isName)
            {
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            reader.Skip();
        }
        return null;
    }
}
