using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace DevHost.Shop;

/// <summary>Somebody who is signed in: for which org, and what they may do there.</summary>
internal sealed record Visitor(string Org, string Role)
{
    /// <summary>What the backend part asked the service on their behalf, for the page's panel.</summary>
    public CallLog Calls { get; } = new();
}

/// <summary>
/// Who is signed in to the shop. The browser keeps a random number that names them; org and role stay here, where nobody can edit them.
/// In memory: a restart signs everybody out.
/// </summary>
internal sealed class Visitors(int port)
{
    // Cookies are shared by all ports of a machine, and two of these programs may run on it.
    private readonly string _cookie = $"framewell-{port}";
    private readonly ConcurrentDictionary<string, Visitor> _byId = new(StringComparer.Ordinal);

    public Visitor? Of(HttpRequest request) => request.Cookies[_cookie] is { } id ? _byId.GetValueOrDefault(id) : null;

    public void SignIn(HttpContext http, Visitor visitor)
    {
        SignOut(http);
        var id = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        _byId[id] = visitor;
        http.Response.Cookies.Append(_cookie, id, Options());
    }

    public void SignOut(HttpContext http)
    {
        if (http.Request.Cookies[_cookie] is { } id)
        {
            _byId.TryRemove(id, out _);
            http.Response.Cookies.Delete(_cookie, Options());
        }
    }

    // No script reads it. Lax, not Strict: the buyer comes back from another site's payment page and is still signed in. Over https, which
    // anything but a program on your own machine has, it would be Secure too, under a name that starts with __Host-.
    private static CookieOptions Options() => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = DemoShop.Path };
}
