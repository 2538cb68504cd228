using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Checkout;

/// <summary>The promotion code of a session that allows one: a field to enter it, or a button to take it back.</summary>
internal static class PromotionField
{
    public static string Html(JsonObject session, PageError? error, IFormCollection? refused)
    {
        if (!session.Flag("allow_promotion_codes"))
        {
            return "";
        }

        var action = E($"/c/pay/{session.Id()}/promotion-code");
        if (SessionDiscount.CouponOf(session) is not null)
        {
            return PageError.Alert(error?.Field == "promotion_code" ? error : null)
                + $"""<form method="post" action="{action}"><input type="hidden" name="promotion_code" value=""><button class="plain" type="submit">Remove the promotion code</button></form>""";
        }

        var field = new FormField("promotion_code", "Promotion code") { Attributes = "autocomplete=\"off\" autocapitalize=\"characters\"", Value = refused?["promotion_code"] };
        return $"""
            <form class="inline" method="post" action="{action}">
              {field.Html(error)}
              <button class="plain" type="submit">Apply</button>
            </form>
            """;
    }
}
