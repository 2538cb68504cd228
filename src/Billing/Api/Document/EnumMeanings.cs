using System.Text.Json;
using System.Xml.Linq;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>Explains the words of an enum by the docs of its members.</summary>
internal sealed class EnumMeanings(string xmlFile) : ISchemaFilter
{
    private readonly ILookup<string, XElement> _docs = XDocument.Load(xmlFile).Descendants("member").ToLookup(member => member.Attribute("name")!.Value);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema words || !context.Type.IsEnum)
        {
            return;
        }
        var meanings = Enum.GetNames(context.Type)
            .Select(name => (Word: JsonNamingPolicy.SnakeCaseLower.ConvertName(name), Meaning: SummaryOf($"F:{context.Type.FullName}.{name}")))
            .Where(value => value.Meaning is not null)
            .Select(value => $"- `{value.Word}`: {value.Meaning}")
            .ToList();
        if (meanings.Count > 0)
        {
            words.Description = $"{words.Description}\n\n{string.Join('\n', meanings)}".Trim();
        }
    }

    private string? SummaryOf(string member) => _docs[member].SingleOrDefault()?.Element("summary")?.Value.Trim();
}
