using System.ComponentModel.DataAnnotations;
using Billing.Doctor;
using Billing.Setup.Steps;

namespace Billing.Operations;

internal sealed record SetupRequest : ReasonedRequest
{
    /// <summary>Where Stripe reaches the service's webhook. Default: <c>Stripe:WebhookUrl</c>; without either, endpoints are left alone.</summary>
    [MaxLength(2000)]
    public string? WebhookUrl { get; init; }

    /// <summary>Whether to show only what would be done.</summary>
    public bool DryRun { get; init; }
}

/// <param name="Done">Whether the account is as it should be now; if not, and it was no dry run, send the same again.</param>
/// <param name="Steps">In their order.</param>
/// <param name="PortalConfiguration">For <c>Stripe:PortalConfiguration</c>; null if not all was done.</param>
/// <param name="WebhookSecret">
/// For <c>Stripe:WebhookSecrets</c>, if a webhook endpoint was made. This is the only time that it can be seen.
/// </param>
internal sealed record SetupResponse(bool Done, IReadOnlyList<SetupStep> Steps, string? PortalConfiguration, string? WebhookSecret);

/// <param name="Action">What is done.</param>
/// <param name="Object">To what kind of object, in words.</param>
/// <param name="Name">To which one: its lookup key, its id or its URL.</param>
/// <param name="Why">What there is and what is wanted.</param>
internal sealed record SetupStep(StepAction Action, string Object, string Name, string Why)
{
    public static SetupStep Of(Step step) => new(step.Action, step.Kind, step.Name, step.Why);
}

/// <param name="Findings">What is wrong, in the order of the checks; empty: nothing.</param>
internal sealed record CheckResponse(IReadOnlyList<FindingResponse> Findings);

/// <param name="Code">Stable; scripts and alerts may rely on it.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Wrong">What is wrong.</param>
/// <param name="Fix">What mends it.</param>
internal sealed record FindingResponse(string Code, Severity Severity, string Wrong, string Fix)
{
    public static FindingResponse Of(Finding finding) => new(finding.Kind.Code, finding.Kind.Severity, finding.Wrong, finding.Kind.Fix);
}
