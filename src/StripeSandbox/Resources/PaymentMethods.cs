using System.Text.Json.Nodes;
using StripeSandbox.Checkout;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Cards and bank accounts as payment methods; hosted pages make them, and of cards attaching one of Stripe's test names. The number itself is never kept.</summary>
internal static class PaymentMethods
{
    public const string Type = "payment_method";

    public static void Map(Operations operations) => operations
        .Get("/v1/payment_methods", List)
        .Get("/v1/payment_methods/{payment_method}", call => call.Subject(Type, "payment_method"))
        .Post("/v1/payment_methods/{payment_method}/attach", PaymentMethodAttachment.Run);

    public static JsonObject New(Transaction tx, PaymentEntry entry, string? email) => new JsonObject
    {
        ["id"] = Ids.New("pm_1", 23),
        ["object"] = Type,
        ["allow_redisplay"] = "limited",
        ["billing_details"] = new JsonObject { ["address"] = Address.Empty, ["email"] = email, ["name"] = entry.Name }.WithNulls("phone", "tax_id"),
        ["created"] = tx.Now,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["type"] = entry.Type,
        [entry.Type] = entry switch { CardEntry card => Card(card), BankEntry bank => bank.Details(), _ => null },
        ["_aftermath"] = (entry as CardEntry) is { } typed ? TestCards.AftermathOf(typed.Number) : null,
        ["_refuses"] = entry switch { CardEntry card => TestCards.LaterRefusal(card.Number)?.Mark, BankEntry bank => bank.LaterRefusal?.Mark, _ => null },
    }.WithNulls("customer", "customer_account");

    public static bool IsOf(JsonObject method, string customerId) => method.TextOrNull("customer") == customerId;

    public static StripeError NotOf(JsonObject method, string param) => StripeError.Refused(
        $"The customer does not have a payment method with the ID {method.Id()}. The payment method must be attached to the customer.", "resource_missing", param);

    public static JsonObject ListOfCustomer(Call call)
    {
        var customer = call.Subject(Customers.Type, "customer");
        return Page(call, call.Tx.NewestFirst(Type).Where("customer", customer.Id()));
    }

    private static JsonObject List(Call call) =>
        Page(call, call.Tx.NewestFirst(Type).Where(method => method["customer"] is not null).Where("customer", call.Params.Text("customer")));

    private static JsonObject Page(Call call, IEnumerable<JsonObject> methods)
    {
        call.Params.RefuseNotEmulated("allow_redisplay", "customer_account");
        return call.Page(methods.Where("type", call.Params.Text("type")));
    }

    private static JsonObject Card(CardEntry card) => new JsonObject
    {
        ["brand"] = card.Brand,
        ["checks"] = new JsonObject { ["address_line1_check"] = null, ["address_postal_code_check"] = null, ["cvc_check"] = "pass" },
        ["country"] = "US",
        ["display_brand"] = card.Brand,
        ["exp_month"] = (long)card.ExpMonth,
        ["exp_year"] = (long)card.ExpYear,
        ["fingerprint"] = card.Fingerprint,
        ["funding"] = card.Funding,
        ["last4"] = card.Number[^4..],
        ["networks"] = new JsonObject { ["available"] = new JsonArray(card.Brand), ["preferred"] = null },
        ["regulated_status"] = "unregulated",
        ["three_d_secure_usage"] = new JsonObject { ["supported"] = true },
    }.WithNulls("generated_from", "wallet");
}
