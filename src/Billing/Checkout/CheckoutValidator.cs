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
        RuleFor(request => request.SuccessUrl)
            .Must(url => redirects.IsAllowed(url!)).When(request => request.SuccessUrl is not null)
            .WithErrorCode("url_not_allowed").WithMessage(NotAllowed);
        RuleFor(request => request.CancelUrl)
            .Must(url => redirects.IsAllowed(url!)).When(request => request.CancelUrl is not null)
            .WithErrorCode("url_not_allowed").WithMessage(NotAllowed);

        string? PlanOf(CheckoutRequest request) => request.Plan ?? options.Value.DefaultPlan;
    }

    private const string NotAllowed = "The URL must be absolute, https, at most 2048 characters and on an allowed origin.";
}
