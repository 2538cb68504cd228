using System.Text;

namespace StripeSandbox.Pages;

/// <summary>Addresses of the shop as headers carry them.</summary>
internal static class WebAddress
{
    /// <summary>Byte for byte as given, unless a character is beyond ASCII.</summary>
    public static string ForHeader(string url)
    {
        if (Ascii.IsValid(url))
        {
            return url;
        }

        var parsed = new Uri(url);
        return Origin(url) + parsed.PathAndQuery + parsed.Fragment;
    }

    /// <summary>Scheme, host and port, as a content security policy names them.</summary>
    public static string Origin(string url)
    {
        var parsed = new Uri(url);
        return $"{parsed.Scheme}://{parsed.IdnHost}{(parsed.IsDefaultPort ? "" : $":{parsed.Port}")}";
    }
}
