using Billing.Orgs;
using FluentValidation;

namespace Billing.Tokens;

internal sealed class TokenValidator : AbstractValidator<TokenRequest>
{
    public TokenValidator()
    {
        RuleFor(request => request.Org).Cascade(CascadeMode.Stop)
            .NotNull().WithErrorCode("required").WithMessage("Name the org.")
            .Must(org => OrgId.IsValid(org!)).WithErrorCode("invalid_org").WithMessage(OrgId.Rule);
        RuleFor(request => request.Role)
            .NotNull().WithErrorCode("required").WithMessage("Name the role: owner, admin or member.");
        RuleFor(request => request.ExpiresIn)
            .InclusiveBetween(60, 3600).WithErrorCode("out_of_range").WithMessage("A token lives 60 to 3600 seconds.");
    }
}
