using System.ComponentModel.DataAnnotations;
using Billing.Api;
using Billing.Checkout;

namespace Billing.Portal;

/// <summary>May be left out.</summary>
internal sealed record PortalRequest : IMayBeLeftOut
{
    /// <summary>Where the portal leads back to. On an allowed origin. Default: as configured.</summary>
    [MaxLength(RedirectUrls.MaxLength)]
    public string? ReturnUrl { get; init; }
}

/// <param name="Url">The portal's page. A credential for minutes: do not log or keep it.</param>
/// <param name="PortalUrl">The same, under the name that other APIs use.</param>
internal sealed record PortalResponse(string Url, string PortalUrl);
