using FluentValidation;

namespace Billing.Activation;

internal sealed class ActivationValidator : AbstractValidator<ActivationRequest>
{
    public ActivationValidator() => RuleFor(request => request.SessionId)
        .Cascade(CascadeMode.Stop)
        .NotEmpty().WithErrorCode("required").WithMessage("Send the session_id of the success URL.")
        // Stripe's ids are letters, digits and _ (FACTS A.3). It becomes part of a path, and nothing else may.
        .Matches(@"\Acs_[A-Za-z0-9_]{1,250}\z").WithErrorCode("invalid_id").WithMessage("A checkout session's id starts with cs_.");
}
