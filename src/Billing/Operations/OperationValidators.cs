using Billing.Authentication;
using Billing.Credits;
using Billing.Orgs;
using FluentValidation;

namespace Billing.Operations;

internal sealed class ReasonedValidator : AbstractValidator<ReasonedRequest>
{
    public ReasonedValidator() => RuleFor(request => request.Reason).IsGiven();
}

internal sealed class AdjustmentValidator : AbstractValidator<AdjustmentRequest>
{
    public AdjustmentValidator()
    {
        RuleFor(request => request.Reason).IsGiven();
        RuleFor(request => request.Amount).IsAmount();
        RuleFor(request => request.Reference).Must(text => text is null || IsReference(text))
            .WithErrorCode("invalid_text").WithMessage(ReferenceRule);
    }

    public const string ReferenceRule = "A reference has 1 to 100 visible ASCII characters.";

    public static bool IsReference(string text) => text.Length is >= 1 and <= 100 && text.All(c => c is > ' ' and <= '~');
}

internal sealed class KeyValidator : AbstractValidator<KeyRequest>
{
    public KeyValidator()
    {
        RuleFor(request => request.Reason).IsGiven();
        RuleFor(request => request.Role).NotNull().WithErrorCode("required").WithMessage("Say what the key may do.");
        RuleFor(request => request.Org).Must((request, org) => Fits(request.Role, org))
            .WithErrorCode("invalid_org").WithMessage($"Keys of owner, admin and member belong to an org, the others to none. {OrgId.Rule}");
        RuleFor(request => request.Name).Must(name => name is null || (name.Length <= 100 && !name.Any(char.IsControl)))
            .WithErrorCode("invalid_text").WithMessage("A name is at most 100 characters, none of them a control character.");
    }

    /// <summary>Whether a key of this role may belong to this org.</summary>
    public static bool Fits(Role? role, string? org) =>
        role is null || (role < Role.Service ? org is not null && OrgId.IsValid(org) : org is null);
}

internal sealed class ReconcileValidator : AbstractValidator<ReconcileRequest>
{
    public ReconcileValidator()
    {
        RuleFor(request => request.Reason).IsGiven();
        RuleFor(request => request.Org).Must(org => org is null || OrgId.IsValid(org)).WithErrorCode("invalid_org").WithMessage(OrgId.Rule);
    }
}

internal sealed class SetupValidator : AbstractValidator<SetupRequest>
{
    public SetupValidator()
    {
        RuleFor(request => request.Reason).IsGiven();
        RuleFor(request => request.WebhookUrl).Must(url => url is null || (url.Length <= 2000 && StripeOptions.IsWebAddress(url)))
            .WithErrorCode("invalid_url").WithMessage("Give an absolute URL such as https://billing.example.com/v1/billing/webhook.");
    }
}

internal static class ReasonRules
{
    public static void IsGiven<T>(this IRuleBuilderInitial<T, string?> reason) => reason
        .Must(Operator.IsReason).WithErrorCode("required").WithMessage(Operator.ReasonRule);
}
