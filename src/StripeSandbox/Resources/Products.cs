using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Products: what prices are prices of.</summary>
internal static class Products
{
    public const string Type = "product";

    public static void Map(Operations operations) => operations
        .Post("/v1/products", Create)
        .Get("/v1/products", List)
        .Get("/v1/products/{id}", call => call.Subject(Type, "id"))
        .Post("/v1/products/{id}", Update)
        .Delete("/v1/products/{id}", Delete);

    /// <summary>A product from the parameters that operations share with <c>product_data</c>.</summary>
    public static JsonObject Add(Call call, Params p, bool active = true)
    {
        var id = p.NonEmpty("id", 255);
        if (id is not null && call.Tx.Exists(id))
        {
            throw StripeError.Refused($"Product already exists: {id}", "resource_already_exists", p.PathOf("id"));
        }

        var product = new JsonObject
        {
            ["id"] = id ?? Ids.New("prod_", 14),
            ["object"] = Type,
            ["active"] = p.Flag("active") ?? active,
            ["created"] = call.Now,
            ["images"] = new JsonArray(),
            ["livemode"] = false,
            ["marketing_features"] = new JsonArray(),
            ["metadata"] = p.NewMetadata(),
            ["name"] = p.Required("name"),
            ["type"] = "service",
            ["updated"] = call.Now,
        }.WithNulls("default_price", "description", "package_dimensions", "shippable", "statement_descriptor", "tax_code", "unit_label", "url");
        ApplyTexts(p, product);
        call.Tx.Add(product);
        call.Tx.Emit("product.created", product);
        return product;
    }

    private static JsonObject Create(Call call)
    {
        var product = Add(call, call.Params);
        ApplyRest(call, product);
        call.Params.OneOf("type", "good", "service");
        if (call.Params.Object("default_price_data") is { } data)
        {
            call.Tx.Edit(product)["default_price"] = Prices.Add(call, data, product.Id()).Id();
        }

        return product;
    }

    private static JsonObject Update(Call call) => call.Tx.Change("product.updated", call.Subject(Type, "id"), product =>
    {
        var p = call.Params;
        if (p.Flag("active") is { } active)
        {
            product["active"] = active;
        }

        if (p.NonEmpty("name") is { } name)
        {
            product["name"] = name;
        }

        if (call.Named("price", "default_price") is { } price)
        {
            product["default_price"] = price.Id();
        }

        ApplyTexts(p, product);
        ApplyRest(call, product);
        p.MergeMetadata(product.Object("metadata"));
        product["updated"] = call.Now;
    });

    private static void ApplyTexts(Params p, JsonObject product)
    {
        p.CopyTexts(product, 40000, "description");
        p.CopyTexts(product, 22, "statement_descriptor");
        p.CopyTexts(product, 12, "unit_label");
        p.CopyTexts(product, 255, "tax_code");
        if (p.Has("images"))
        {
            product["images"] = new JsonArray([.. p.Texts("images").Select(image => JsonValue.Create(image))]);
        }
    }

    private static void ApplyRest(Call call, JsonObject product)
    {
        var p = call.Params;
        if (p.Has("url"))
        {
            product["url"] = p.Url("url");
        }

        if (p.Flag("shippable") is { } shippable)
        {
            product["shippable"] = shippable;
        }

        if (p.Has("marketing_features"))
        {
            product["marketing_features"] = new JsonArray([.. p.Objects("marketing_features").Select(feature => new JsonObject { ["name"] = feature.Required("name", 80) })]);
        }

        p.RefuseNotEmulated("package_dimensions");
    }

    private static JsonObject List(Call call)
    {
        var p = call.Params;
        var ids = p.Texts("ids");
        return call.Page(call.Tx.NewestFirst(Type).Where("active", p.Flag("active")).Where("shippable", p.Flag("shippable"))
            .Where("type", p.OneOf("type", "good", "service")).Where("url", p.Text("url"))
            .Where(product => ids.Count == 0 || ids.Contains(product.Id())).WhereCreated(p));
    }

    private static JsonObject Delete(Call call)
    {
        var product = call.Subject(Type, "id");
        if (call.Tx.NewestFirst("price").Where("product", product.Id()).Any())
        {
            throw StripeError.Refused("This product cannot be deleted because it has one or more user-created prices.");
        }

        call.Tx.Emit("product.deleted", product);
        call.Tx.Remove(product.Id());
        return new JsonObject { ["id"] = product.Id(), ["object"] = Type, ["deleted"] = true };
    }
}
