using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>
/// Describes every error that a call answers. What means the same everywhere is described once and referred to; a status with refusals
/// of the call's own lists them all.
/// </summary>
internal sealed class ErrorAnswers(IOptions<JsonOptions> options) : IOperationFilter
{
    private const string Json = "application/json";

    private readonly JsonSerializerOptions _json = options.Value.SerializerOptions;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var responses = operation.Responses ??= [];
        var statuses = responses.Keys.Select(int.Parse).ToList();
        int[] implied = metadata.OfType<IAllowAnonymous>().Any() ? [500] : [401, 403, 429, 500];
        var refusals = metadata.OfType<Refusal>().ToLookup(refusal => refusal.Error.Status, refusal => refusal.Error);
        foreach (var status in statuses.Union(implied).Where(status => status >= 400))
        {
            responses[$"{status}"] = Describe(status, [.. refusals[status]], context);
        }

        var inOrder = responses.OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        responses.Clear();
        foreach (var (status, response) in inOrder)
        {
            (response as OpenApiResponse)?.AddHeaders(context.Document, RequestIds.Header);
            responses[status] = response;
        }
    }

    private IOpenApiResponse Describe(int status, ApiError[] refusals, OperationFilterContext context)
    {
        var usual = UsualErrors.ByStatus.GetValueOrDefault(status);
        if (usual is null || refusals.Length > 0)
        {
            return Make(Describe(usual, refusals), [.. usual is null ? [] : new[] { usual.Error }, .. refusals], context);
        }
        var shared = (context.Document.Components ??= new()).Responses ??= new Dictionary<string, IOpenApiResponse>();
        if (!shared.ContainsKey(usual.AnswerName))
        {
            shared[usual.AnswerName] = Make(usual.Description, [usual.Error], context);
        }
        return new OpenApiResponseReference(usual.AnswerName, context.Document);
    }

    private static string Describe(UsualError? usual, ApiError[] refusals)
    {
        var reasons = refusals.Select(error => (Name: UsualErrors.NameOf(error), Meaning: error.Message));
        var all = usual is null ? reasons : reasons.Prepend((Name: UsualErrors.NameOf(usual.Error), Meaning: usual.Description));
        return string.Join('\n', all.Select(reason => $"- `{reason.Name}`: {reason.Meaning}"));
    }

    private OpenApiResponse Make(string description, ApiError[] errors, OperationFilterContext context)
    {
        var content = new OpenApiMediaType
        {
            Schema = context.SchemaGenerator.GenerateSchema(typeof(ErrorResponse), context.SchemaRepository),
            Examples = errors.DistinctBy(UsualErrors.NameOf)
                .ToDictionary(UsualErrors.NameOf, error => ErrorExamples.Refer(error, context.Document, _json)),
        };
        var response = new OpenApiResponse { Description = description, Content = new Dictionary<string, IOpenApiMediaType> { [Json] = content } };
        response.AddHeaders(context.Document, RequestIds.Header);
        if (errors.Any(error => error.RetryAfter is not null))
        {
            response.AddHeaders(context.Document, AnswerHeaders.RetryAfter);
        }
        if (errors.Any(error => error.Status == StatusCodes.Status401Unauthorized))
        {
            response.AddHeaders(context.Document, AnswerHeaders.WwwAuthenticate);
        }
        return response;
    }
}
