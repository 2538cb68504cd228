using Billing.Catalog;
using Billing.Checkout;
using FluentValidation;
using Microsoft.Extensions.Options;

namespace Billing.TopUps;

internal sealed class TopUpValidator : AbstractValidator<TopUpRequest>
{
    public TopUpValidator(RedirectUrls redirects, IOptions<BillingOptions> options)
    {
        var sold = options.Value.TopUps;
        RuleFor(request => request.Credits)
            .Must((request, credits) => (request.Pack is null) != (credits is null))
            .OverridePropertyName("pack").WithErrorCode("exactly_one").WithMessage("Send either pack or credits.");
        RuleFor(request => request.Pack)
            .Must(pack => sold.AreSold && sold.Packs.ContainsKey(pack!)).When(request => request is { Pack: not null, Credits: null })
            .WithErrorCode("unknown_pack").WithMessage(_ => sold.Packs.Count == 0 ? "No packs are sold." : $"The packs are {string.Join(", ", sold.Packs.Keys)}.");
        RuleFor(request => request.Credits)
            .Must(credits => sold is { AreSold: true, Custom: { } custom } && custom.Allows(credits!.Value))
            .When(request => request is { Pack: null, Credits: not null })
            .WithErrorCode("out_of_bounds").WithMessage(_ => Bounds(sold));
        RuleFor(request => request.SuccessUrl).Redirects(redirects);
        RuleFor(request => request.CancelUrl).Redirects(redirects);
    }

    private static string Bounds(TopUpOptions sold) => sold is { AreSold: true, Custom: { } custom }
        ? $"Credits are sold from {custom.Minimum} to {custom.Maximum} in steps of {custom.Step}."
        : "Credits are sold in packs only.";
}
