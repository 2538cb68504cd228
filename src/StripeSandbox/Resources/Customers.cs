using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Customers. Deleting one cancels its subscriptions and leaves a stub behind for ever.</summary>
internal static class Customers
{
    public const string Type = "customer";

    public static void Map(Operations operations) => operations
        .Post("/v1/customers", Create)
        .Get("/v1/customers", List)
        .Get("/v1/customers/{customer}", call => call.Subject(Type, "customer"))
        .Post("/v1/customers/{customer}", Update)
        .Delete("/v1/customers/{customer}", Delete)
        .Get("/v1/customers/{customer}/payment_methods", PaymentMethods.ListOfCustomer);

    /// <summary>A customer, with the event that tells of it. Checkout makes customers this way too.</summary>
    public static JsonObject Add(Transaction tx, string? email, string? name, Action<JsonObject>? complete = null)
    {
        var customer = new JsonObject
        {
            ["id"] = Ids.New("cus_", 14),
            ["object"] = Type,
            ["balance"] = 0L,
            ["created"] = tx.Now,
            ["delinquent"] = false,
            ["email"] = email,
            ["invoice_prefix"] = Ids.New("", 8).ToUpperInvariant(),
            ["invoice_settings"] = new JsonObject().WithNulls("custom_fields", "default_payment_method", "footer", "rendering_options"),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["name"] = name,
            ["next_invoice_sequence"] = 1L,
            ["preferred_locales"] = new JsonArray(),
            ["tax_exempt"] = "none",
        }.WithNulls("address", "currency", "customer_account", "default_source", "description", "discount", "phone", "shipping", "test_clock");
        complete?.Invoke(customer);
        tx.Add(customer);
        tx.Emit("customer.created", customer);
        return customer;
    }

    private static JsonObject Create(Call call) => Add(call.Tx, null, null, customer => Apply(call, customer));

    private static JsonObject Update(Call call)
    {
        var customer = call.Subject(Type, "customer");
        if (customer.Flag("deleted"))
        {
            throw StripeError.NotFound(Type, customer.Id(), "customer");
        }

        return call.Tx.Change("customer.updated", customer, edited => Apply(call, edited));
    }

    private static void Apply(Call call, JsonObject customer)
    {
        var p = call.Params;
        if (p.Has("email"))
        {
            customer["email"] = p.Email("email");
        }

        p.CopyTexts(customer, 256, "name");
        p.CopyTexts(customer, 5000, "description");
        p.CopyTexts(customer, 20, "phone");
        if (p.Has("address"))
        {
            customer["address"] = Address.Read(p.Object("address"));
        }

        if (p.Has("shipping"))
        {
            customer["shipping"] = Address.ReadShipping(p.Object("shipping"));
        }

        if (p.Has("preferred_locales"))
        {
            customer["preferred_locales"] = new JsonArray([.. p.Texts("preferred_locales").Select(locale => JsonValue.Create(locale))]);
        }

        if (p.Integer("balance") is { } balance)
        {
            customer["balance"] = balance;
        }

        if (p.Text("invoice_prefix", 12) is { } prefix)
        {
            customer["invoice_prefix"] = prefix;
        }

        if (p.OneOf("tax_exempt", "exempt", "none", "reverse") is { } exempt)
        {
            customer["tax_exempt"] = exempt;
        }

        if (p.Object("invoice_settings") is { } settings)
        {
            ApplyInvoiceSettings(call, settings, customer);
        }

        p.MergeMetadata(customer.Object("metadata"));
        p.Accept("tax", "validate");
        p.RefuseNotEmulated("business_name", "cash_balance", "default_source", "individual_name", "next_invoice_sequence",
            "payment_method", "source", "tax_id_data", "test_clock");
    }

    private static void ApplyInvoiceSettings(Call call, Params settings, JsonObject customer)
    {
        var target = customer.Object("invoice_settings");
        if (settings.Has("default_payment_method"))
        {
            var method = call.Named(settings, "payment_method", "default_payment_method");
            if (method is not null && !PaymentMethods.IsOf(method, customer.Id()))
            {
                throw PaymentMethods.NotOf(method, "invoice_settings[default_payment_method]");
            }

            target["default_payment_method"] = method?.Id();
        }
        settings.CopyTexts(target, 5000, "footer");
        settings.RefuseNotEmulated("custom_fields", "rendering_options");
    }

    private static JsonObject List(Call call)
    {
        call.Params.RefuseNotEmulated("test_clock");
        return call.Page(call.Tx.NewestFirst(Type).Where(customer => !customer.Flag("deleted"))
            .Where("email", call.Params.Text("email", 512)).WhereCreated(call.Params));
    }

    private static JsonObject Delete(Call call)
    {
        var customer = call.Subject(Type, "customer");
        if (customer.Flag("deleted"))
        {
            throw StripeError.NotFound(Type, customer.Id(), "customer");
        }

        foreach (var subscription in call.Tx.NewestFirst("subscription").Where("customer", customer.Id()).ToArray())
        {
            if (!Cancellation.IsEnded(subscription))
            {
                Cancellation.EndNow(call.Tx, subscription);
            }
        }

        call.Tx.Emit("customer.deleted", customer);
        var stub = new JsonObject { ["id"] = customer.Id(), ["object"] = Type, ["deleted"] = true };
        call.Tx.Put(stub);
        return stub;
    }
}
