using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StripeSandbox.Pages;

/// <summary>
/// The files that every page shares, embedded in the assembly. An address holds a digest of its file: browsers keep
/// it for good, and a new build is seen at once.
/// </summary>
internal sealed class PageAsset
{
    public static readonly PageAsset Stylesheet = new("pages.css", "text/css; charset=utf-8");
    public static readonly PageAsset Script = new("pages.js", "text/javascript; charset=utf-8");
    public static readonly PageAsset Icon = new("icon.svg", "image/svg+xml");

    private readonly byte[] _content;
    private readonly string _path;
    private readonly string _type;

    private PageAsset(string name, string type)
    {
        using var stream = typeof(PageAsset).Assembly.GetManifestResourceStream($"pages/{name}")!;
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        (_path, _type) = ($"/pages/{name}", type);
        Url = $"{_path}?v={Convert.ToHexStringLower(SHA256.HashData(_content))[..8]}";
    }

    public string Url { get; }

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var asset in (PageAsset[])[Stylesheet, Script, Icon])
        {
            routes.MapGet(asset._path, (HttpResponse response) =>
            {
                response.Headers.CacheControl = "public, max-age=31536000, immutable";
                response.Headers.XContentTypeOptions = "nosniff";
                return TypedResults.Bytes(asset._content, asset._type);
            });
        }
    }
}
