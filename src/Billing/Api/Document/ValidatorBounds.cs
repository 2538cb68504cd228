using System.Globalization;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;

namespace Billing.Api.Document;

/// <summary>Takes over into a schema what a validator demands in every case and a schema can say.</summary>
internal static class ValidatorBounds
{
    public static void Apply(IValidator validator, OpenApiSchema request)
    {
        foreach (var rule in validator.CreateDescriptor().Rules.Where(rule => !rule.HasCondition && !rule.HasAsyncCondition))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.PropertyName ?? "");
            foreach (var demand in rule.Components.Where(component => !component.HasCondition && !component.HasAsyncCondition))
            {
                Apply(demand.Validator, name, request);
            }
        }
    }

    private static void Apply(IPropertyValidator demand, string name, OpenApiSchema request)
    {
        request.Properties!.TryGetValue(name, out var any);
        var field = any as OpenApiSchema;
        switch (demand)
        {
            case INotNullValidator or INotEmptyValidator:
                (request.Required ??= new HashSet<string>()).Add(name);
                if (field is not null)
                {
                    field.Type &= ~JsonSchemaType.Null;
                }
                break;
            case IRegularExpressionValidator { Expression: var pattern } when field is not null:
                field.Pattern = pattern.Replace(@"\A", "^", StringComparison.Ordinal).Replace(@"\z", "$", StringComparison.Ordinal);
                break;
            case IBetweenValidator { From: var from, To: var to } when field is not null:
                field.Minimum = Convert.ToString(from, CultureInfo.InvariantCulture);
                field.Maximum = Convert.ToString(to, CultureInfo.InvariantCulture);
                break;
        }
    }
}
