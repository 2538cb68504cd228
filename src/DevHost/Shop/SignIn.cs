using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;

namespace DevHost.Shop;

/// <summary>
/// Stands in for the sign-in that a SaaS has: it takes your word for who you are. Signing in to an org makes it, as signing up would.
/// </summary>
internal sealed class SignIn(Visitors visitors, BillingCalls billing)
{
    public static readonly IReadOnlyList<string> Roles = ["owner", "admin", "member"];

    public void Map(IEndpointRouteBuilder shop)
    {
        // The form's own protection would be a token in a hidden field; SameOrigin does its work here.
        shop.MapPost("/sign-in", EnterAsync).DisableAntiforgery();
        shop.MapPost("/sign-out", Leave).DisableAntiforgery();
    }

    private async Task<IResult> EnterAsync(
        HttpContext http, [FromForm] string org, [FromForm] string role, [FromForm(Name = "return")] string? back, CancellationToken cancellationToken)
    {
        var (id, target) = (org.Trim(), LocalPath(back));
        if (!Roles.Contains(role))
        {
            return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        }
        if (!Billing.Orgs.OrgId.IsValid(id))
        {
            return SignInPage.Html(org, target, Billing.Orgs.OrgId.Rule);
        }
        var visitor = new Visitor(id, role);
        var made = await billing.SendAsync(
            visitor, HttpMethod.Put, $"/orgs/{Uri.EscapeDataString(id)}", new JsonObject { ["name"] = id, ["email"] = "owner@framewell.example" }, [], cancellationToken);
        if (made is IStatusCodeHttpResult { StatusCode: >= 400 })
        {
            return made;
        }
        visitors.SignIn(http, visitor);
        return new SeeOther(target);
    }

    private SeeOther Leave(HttpContext http)
    {
        visitors.SignOut(http);
        return new SeeOther(DemoShop.Path);
    }

    /// <summary>Where the visitor wanted to go, if that is a page of the shop: a sign-in that leads anywhere is a gift to phishers.</summary>
    private static string LocalPath(string? wanted) =>
        wanted is not null && new[] { DemoShop.Path, DemoShop.PaidPath, DemoShop.CancelledPath }.Contains(wanted.Split('?')[0])
        && wanted.All(letter => letter is > ' ' and < '\x7f')
            ? wanted : DemoShop.Path;

    /// <summary>The answer to a form that did its work: go on there, with a GET.</summary>
    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
