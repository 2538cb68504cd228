using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>What each group of calls is about.</summary>
internal sealed class DocumentTags : IDocumentFilter
{
    private static readonly IReadOnlyDictionary<string, string> Descriptions = new Dictionary<string, string>
    {
        ["Checkout"] = "Buying a plan: start the purchase, and book it when the buyer comes back.",
        ["Status"] = "What the org has now.",
        ["Credits"] = "What the org can spend, and buying more.",
        ["Portal"] = "Stripe's billing portal: plan, end, payment method, invoices.",
        ["Orgs"] = "The organizations that buy.",
        ["Tokens"] = "Browser tokens, so that a frontend can call without holding a key.",
        ["Operations"] = "For operators: why an org has what it has, and mending it. The same as the program's commands.",
        ["Webhooks"] = "For Stripe only: its signed events.",
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var tag in swaggerDoc.Tags ?? Enumerable.Empty<OpenApiTag>())
        {
            tag.Description = Descriptions.GetValueOrDefault(tag.Name!);
        }
    }
}
