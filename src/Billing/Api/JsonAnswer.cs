using System.Buffers;
using System.Text.Json;

namespace Billing.Api;

/// <summary>
/// An answer whose length is known before any of it is sent, so that all of it leaves together once the request is done. The framework's own
/// results are chunked, and the end of the last chunk often leaves, and arrives, by itself.
/// Whatever runs after it must not fail: the answer could not be taken back.
/// </summary>
/// <param name="body">Written as the API writes JSON.</param>
/// <param name="status">200 unless said.</param>
internal sealed class JsonAnswer(object body, int status = StatusCodes.Status200OK) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Json.Options);
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.BodyWriter.Write(bytes);
        return Task.CompletedTask;
    }
}
