using System.Collections.Frozen;

namespace DevHost.Shop;

/// <summary>The shop's scripts, stylesheet and icon, carried in the program. Files as written: nothing builds or bundles them.</summary>
internal static class ShopAssets
{
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    // By exact name, so that no path can lead anywhere else.
    private static readonly FrozenDictionary<string, string> Names = typeof(ShopAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("Shop/", StringComparison.Ordinal)).ToFrozenDictionary(name => name["Shop/".Length..]);

    public static string Url(string name) => $"{DemoShop.Path}/assets/{name}";

    public static void Map(IEndpointRouteBuilder shop) => shop.MapGet("/assets/{name}", (string name) =>
        Names.TryGetValue(name, out var resource) && typeof(ShopAssets).Assembly.GetManifestResourceStream(resource) is { } file
            ? (IResult)TypedResults.Stream(file, Types[Path.GetExtension(name)])
            : TypedResults.NotFound());
}
