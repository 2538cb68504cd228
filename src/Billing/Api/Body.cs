using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Billing.Api;

/// <summary>
/// A request body read strictly: an object with no unknown and no repeated field, each of the right type. Every field that is wrong
/// is named, not only the first. The value has been bound, not yet validated.
/// </summary>
internal sealed class Body<T> where T : class
{
    private Body(T value) => Value = value;

    public T Value { get; }

    /// <exception cref="ApiException">The body is missing, not JSON, or does not fit <typeparamref name="T"/>.</exception>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (typeof(IMayBeLeftOut).IsAssignableFrom(typeof(T)) && await IsEmptyAsync(context))
        {
            return new Body<T>(Activator.CreateInstance<T>());
        }
        if (!IsJson(context.Request.ContentType))
        {
            throw new ApiException(ApiError.UnsupportedMediaType());
        }

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var document = await ReadAsync(context, options);
        var errors = new List<FieldError>();
        var value = ObjectReader.Read<T>(document.RootElement, options, errors);
        return errors.Count == 0 ? new Body<T>(value!) : throw new ApiException(ApiError.Validation(errors));
    }

    /// <summary>Whether nothing comes, whatever was announced: a chunked body says only at its end that it was empty.</summary>
    private static async Task<bool> IsEmptyAsync(HttpContext context)
    {
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            context.Request.BodyReader.AdvanceTo(read.Buffer.Start);
            if (read.IsCompleted || !read.Buffer.IsEmpty)
            {
                return read.Buffer.IsEmpty;
            }
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Charset) is var charset && (charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async Task<JsonDocument> ReadAsync(HttpContext context, JsonSerializerOptions options)
    {
        var strict = new JsonDocumentOptions { MaxDepth = options.MaxDepth, AllowDuplicateProperties = false };
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(context.Request.Body, strict, context.RequestAborted);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a field's name with an unpaired surrogate.
            throw new ApiException(ApiError.BadRequest("The body is not valid JSON (one object, no field twice)."));
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }
        document.Dispose();
        throw new ApiException(ApiError.BadRequest("The body must be a JSON object."));
    }
}

/// <summary>A request of which every field may be left out, and so the whole body.</summary>
internal interface IMayBeLeftOut;
