using Billing.Catalog;
using Billing.Persistence;
using FluentValidation;
using Microsoft.Extensions.Options;

namespace Billing.Checkout;

internal sealed class CheckoutValidator : AbstractValidator<CheckoutRequest>
{
    public CheckoutValidator(PlanCatalog catalog, RedirectUrls redirects, IOptions<BillingOptions> options)
    {
        RuleFor(request => request.Plan)
            .NotNull().When(_ => options.Value.DefaultPlan is null).WithErrorCode("required").WithMessage("Name the plan.");
        RuleFor(request => request.Plan)
            .Must(plan => catalog.Has(plan!)).When(request => request.Plan is not null)
            .WithErrorCode("unknown_plan").WithMessage(_ => $"The plans are {string.Join(", ", catalog.Plans)}.");
        RuleFor(request => request.Interval)
            .Must((request, interval) => catalog.Find(PlanOf(request)!, interval ?? BillingInterval.Monthly) is not null)
            .When(request => PlanOf(request) is { } plan && catalog.Has(plan))
            .WithErrorCode("not_for_sale").WithMessage("This plan is not sold online at this interval.");
        RuleFor(request => request.SuccessUrl).Redirects(redirects);
        RuleFor(request => request.CancelUrl).Redirects(redirects);

        string? PlanOf(CheckoutRequest request) => request.Plan ?? options.Value.DefaultPlan;
    }
}
