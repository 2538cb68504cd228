using Billing.Api;

namespace Billing.Portal;

internal sealed record PortalRequest : IMayBeLeftOut
{
    /// <summary>Where the portal leads back to. On an allowed origin.</summary>
    public string? ReturnUrl { get; init; }
}

/// <param name="Url">The portal's page. A credential for minutes: do not log or keep it.</param>
/// <param name="PortalUrl">The same as <paramref name="Url"/>, under the name that other APIs use.</param>
internal sealed record PortalResponse(string Url, string PortalUrl);
