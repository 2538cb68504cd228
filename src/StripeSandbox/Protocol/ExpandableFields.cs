using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>
/// Which fields <c>expand[]</c> may name, per type of object, and what they lead to. Embedded fields are always
/// there and only lead on; included lists are there only when asked for.
/// </summary>
internal static class ExpandableFields
{
    private static readonly Dictionary<string, Dictionary<string, ExpandableField>> Types = new(StringComparer.Ordinal)
    {
        ["customer"] = new()
        {
            ["default_source"] = new("source"),
            ["invoice_settings.default_payment_method"] = new("payment_method"),
            ["subscriptions"] = new("subscription") { Include = Subscriptions.OfCustomer },
            ["tax_ids"] = new("tax_id") { Include = (_, customer) => JsonFields.List($"/v1/customers/{customer.Id()}/tax_ids", []) },
        },
        ["product"] = new() { ["default_price"] = new("price") },
        ["price"] = new() { ["product"] = new("product") },
        ["plan"] = new() { ["product"] = new("product") },
        ["checkout.session"] = new()
        {
            ["customer"] = new("customer"),
            ["invoice"] = new("invoice"),
            ["line_items"] = new("item") { Include = CheckoutSessions.LineItemsOf },
            ["payment_intent"] = new("payment_intent"),
            ["payment_link"] = new("payment_link"),
            ["setup_intent"] = new("setup_intent"),
            ["subscription"] = new("subscription"),
        },
        ["coupon"] = [],
        ["promotion_code"] = new() { ["customer"] = new("customer"), ["promotion.coupon"] = new("coupon") },
        ["item"] = new() { ["price"] = new("price") { Embedded = true } },
        ["subscription"] = new()
        {
            ["customer"] = new("customer"),
            ["default_payment_method"] = new("payment_method"),
            ["default_source"] = new("source"),
            ["items"] = new("subscription_item") { Embedded = true, IsList = true },
            ["latest_invoice"] = new("invoice"),
            ["pending_setup_intent"] = new("setup_intent"),
            ["schedule"] = new("subscription_schedule"),
        },
        ["subscription_item"] = new()
        {
            ["plan"] = new("plan") { Embedded = true },
            ["price"] = new("price") { Embedded = true },
        },
        ["invoice"] = new()
        {
            ["customer"] = new("customer"),
            ["default_payment_method"] = new("payment_method"),
            ["lines"] = new("line_item") { Embedded = true, IsList = true },
            ["parent.subscription_details.subscription"] = new("subscription"),
            ["payments"] = new("invoice_payment") { Include = InvoicePayments.OfInvoice },
        },
        ["line_item"] = new()
        {
            ["pricing.price_details.price"] = new("price"),
            ["subscription"] = new("subscription"),
        },
        ["invoice_payment"] = new()
        {
            ["invoice"] = new("invoice"),
            ["payment.charge"] = new("charge"),
            ["payment.payment_intent"] = new("payment_intent"),
        },
        ["payment_intent"] = new()
        {
            ["customer"] = new("customer"),
            ["latest_charge"] = new("charge"),
            ["payment_method"] = new("payment_method"),
        },
        ["charge"] = new()
        {
            ["balance_transaction"] = new("balance_transaction"),
            ["customer"] = new("customer"),
            ["payment_intent"] = new("payment_intent"),
            ["refunds"] = new("refund") { Include = Refunds.OfCharge },
        },
        ["refund"] = new()
        {
            ["balance_transaction"] = new("balance_transaction"),
            ["charge"] = new("charge"),
            ["customer"] = new("customer"),
            ["payment_intent"] = new("payment_intent"),
            ["payment_method"] = new("payment_method"),
        },
        ["dispute"] = new()
        {
            ["charge"] = new("charge"),
            ["payment_intent"] = new("payment_intent"),
        },
        ["payment_method"] = new() { ["customer"] = new("customer") },
        ["billing_portal.session"] = new() { ["configuration"] = new("billing_portal.configuration") },
        ["billing_portal.configuration"] = new()
        {
            ["features.subscription_update.products"] = new("") { Value = configuration => PortalFeatures.ProductsOf(configuration).DeepClone() },
        },
    };

    /// <summary>The field that the path begins with, and what of the path is left.</summary>
    public static (string Name, ExpandableField Field, string[] Left)? Find(string type, string[] path)
    {
        if (!Types.TryGetValue(type, out var fields))
        {
            return null;
        }

        for (var length = path.Length; length > 0; length--)
        {
            var name = string.Join('.', path[..length]);
            if (fields.TryGetValue(name, out var field))
            {
                return (name, field, path[length..]);
            }
        }
        return null;
    }
}

/// <param name="Type">The type of the object, or of the list's elements, that the field leads to.</param>
internal sealed record ExpandableField(string Type)
{
    public bool Embedded { get; init; }

    public bool IsList { get; init; }

    /// <summary>Makes the list that is otherwise left out.</summary>
    public Func<Transaction, JsonObject, JsonObject>? Include { get; init; }

    /// <summary>Gives the value, no object with an id, that is otherwise left out. The path ends here.</summary>
    public Func<JsonObject, JsonNode>? Value { get; init; }

    public bool LeadsToList => IsList || Include is not null;
}
