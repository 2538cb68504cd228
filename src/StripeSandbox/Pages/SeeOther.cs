using Microsoft.AspNetCore.Http;

namespace StripeSandbox.Pages;

/// <summary>The answer to a form that did its work: go on there, with a GET. The location is ASCII (<see cref="WebAddress.ForHeader"/>).</summary>
internal sealed class SeeOther(string location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = location;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
