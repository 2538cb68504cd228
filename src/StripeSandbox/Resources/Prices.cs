using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Prices. Amount, currency and interval never change; a lookup key belongs to one price at a time.</summary>
internal static class Prices
{
    public const string Type = "price";

    public static void Map(Operations operations) => operations
        .Post("/v1/prices", Create)
        .Get("/v1/prices", List)
        .Get("/v1/prices/{price}", call => call.Subject(Type, "price"))
        .Post("/v1/prices/{price}", Update);

    /// <summary>A price of the product from the parameters that operations share with <c>price_data</c>.</summary>
    public static JsonObject Add(Call call, Params p, string productId, bool active = true, JsonObject? metadata = null)
    {
        p.Exclusive("unit_amount", "unit_amount_decimal");
        var (amount, decimalAmount) = ReadAmount(p);
        var recurring = p.Object("recurring") is { } group ? ReadRecurring(group) : null;
        var price = new JsonObject
        {
            ["id"] = Ids.New("price_1", 23),
            ["object"] = Type,
            ["active"] = active,
            ["billing_scheme"] = "per_unit",
            ["created"] = call.Now,
            ["currency"] = Money.ReadCurrency(p, "currency"),
            ["livemode"] = false,
            ["metadata"] = metadata ?? new JsonObject(),
            ["product"] = productId,
            ["recurring"] = recurring,
            ["tax_behavior"] = p.OneOf("tax_behavior", "exclusive", "inclusive", "unspecified") ?? "unspecified",
            ["type"] = recurring is null ? "one_time" : "recurring",
            ["unit_amount"] = amount,
            ["unit_amount_decimal"] = decimalAmount,
        }.WithNulls("custom_unit_amount", "lookup_key", "nickname", "tiers_mode", "transform_quantity");
        p.RefuseNotEmulated("currency_options", "custom_unit_amount");
        call.Tx.Add(price);
        return price;
    }

    private static JsonObject Create(Call call)
    {
        var p = call.Params;
        p.Exclusive("product", "product_data");
        p.RefuseNotEmulated("tiers", "tiers_mode", "transform_quantity");
        p.OneOf("billing_scheme", "per_unit");
        var product = call.Named(Products.Type, "product")
            ?? (p.Object("product_data") is { } data ? Products.Add(call, data) : throw p.Missing("product"));
        var price = Add(call, p, product.Id(), p.Flag("active") ?? true, p.NewMetadata());
        p.CopyTexts(price, 5000, "nickname");
        TakeLookupKey(call, price);
        call.Tx.Emit("price.created", price);
        return price;
    }

    private static JsonObject Update(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("currency_options");
        return call.Tx.Change("price.updated", call.Subject(Type, "price"), price =>
        {
            if (p.Flag("active") is { } active)
            {
                if (!active && call.Tx.Find(Products.Type, price.Text("product"))?.TextOrNull("default_price") == price.Id())
                {
                    throw StripeError.Refused("This price cannot be archived because it is the default price of its product.", null, "active");
                }

                price["active"] = active;
            }

            if (p.OneOf("tax_behavior", "exclusive", "inclusive", "unspecified") is { } behavior)
            {
                price["tax_behavior"] = behavior;
            }

            p.CopyTexts(price, 5000, "nickname");
            p.MergeMetadata(price.Object("metadata"));
            TakeLookupKey(call, price);
        });
    }

    private static void TakeLookupKey(Call call, JsonObject price)
    {
        var transfer = call.Params.Flag("transfer_lookup_key") ?? false;
        if (!call.Params.Has("lookup_key"))
        {
            return;
        }

        var key = call.Params.Text("lookup_key", 200);
        var holder = key is null ? null : call.Tx.NewestFirst(Type).Where("lookup_key", key).FirstOrDefault(other => other.Id() != price.Id());
        if (holder is not null && !transfer)
        {
            throw StripeError.Refused(
                $"A price (`{holder.Id()}`) already uses that lookup key. To transfer the lookup key from the existing price to this one, set `transfer_lookup_key` to true.",
                "resource_already_exists", "lookup_key");
        }

        if (holder is not null)
        {
            call.Tx.Change("price.updated", holder, former => former["lookup_key"] = null);
        }

        price["lookup_key"] = key;
    }

    private static (long? Amount, string Decimal) ReadAmount(Params p)
    {
        if (p.Integer("unit_amount", 0, Money.MaxAmount) is { } amount)
        {
            return (amount, amount.ToString(CultureInfo.InvariantCulture));
        }

        if (p.NonEmpty("unit_amount_decimal", 30) is not { } text)
        {
            throw p.Missing("unit_amount");
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value > Money.MaxAmount)
        {
            throw StripeError.BadParameter($"Invalid decimal: {text}", p.PathOf("unit_amount_decimal"), "parameter_invalid_string");
        }

        var whole = value == decimal.Truncate(value);
        return whole ? ((long)value, ((long)value).ToString(CultureInfo.InvariantCulture)) : throw StripeError.NotEmulated(p.PathOf("unit_amount_decimal"));
    }

    private static JsonObject ReadRecurring(Params p)
    {
        p.OneOf("usage_type", "licensed");
        p.RefuseNotEmulated("meter", "trial_period_days");
        return new JsonObject
        {
            ["interval"] = p.OneOf("interval", "day", "week", "month", "year") ?? throw p.Missing("interval"),
            ["interval_count"] = p.Integer("interval_count", 1, 1095) ?? 1,
            ["usage_type"] = "licensed",
        }.WithNulls("meter", "trial_period_days");
    }

    private static JsonObject List(Call call)
    {
        var p = call.Params;
        var keys = p.Texts("lookup_keys");
        if (keys.Count > 10)
        {
            throw StripeError.BadParameter("You may pass at most 10 lookup keys.", "lookup_keys");
        }

        var recurring = p.Object("recurring");
        var (interval, usage) = (recurring?.OneOf("interval", "day", "week", "month", "year"), recurring?.OneOf("usage_type", "licensed", "metered"));
        return call.Page(call.Tx.NewestFirst(Type).Where("active", p.Flag("active"))
            .Where("currency", p.Text("currency")?.ToLowerInvariant()).Where("product", p.Text("product")).Where("type", p.OneOf("type", "one_time", "recurring"))
            .Where(price => keys.Count == 0 || keys.Contains(price.TextOrNull("lookup_key") ?? ""))
            .Where(price => interval is null || price["recurring"]?["interval"]?.GetValue<string>() == interval)
            .Where(price => usage is null || price["recurring"]?["usage_type"]?.GetValue<string>() == usage)
            .WhereCreated(p));
    }
}
