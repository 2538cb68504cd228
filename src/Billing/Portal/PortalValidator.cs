using Billing.Checkout;
using FluentValidation;

namespace Billing.Portal;

internal sealed class PortalValidator : AbstractValidator<PortalRequest>
{
    public PortalValidator(RedirectUrls redirects) => RuleFor(request => request.ReturnUrl).Redirects(redirects);
}
