using static DevHost.Shop.ShopFrame;

namespace DevHost.Shop;

internal static class SignInPage
{
    public static ShopFrame Html(string org, string target, string? wrong = null) => new("Sign in", $"""
        <main class="narrow">
          <h1 class="brand"><img src="{ShopAssets.Url("icon.svg")}" alt="" width="32" height="32"> Framewell</h1>
          <p>A render farm that does not exist. It shows how a SaaS sells plans and credits through the billing service.</p>
          <form method="post" action="{DemoShop.Path}/sign-in" class="card">
            <h2>Sign in</h2>
            <label for="org">Organization</label>
            <input id="org" name="org" value="{E(org)}" required maxlength="64" autocomplete="organization" autocapitalize="none" spellcheck="false" aria-describedby="org-hint"{(wrong is null ? "" : " aria-invalid=\"true\"")}>
            <p id="org-hint" class="{(wrong is null ? "hint" : "wrong")}">{E(wrong ?? "Any name: one that is new is made.")}</p>
            <label for="role">Role</label>
            <select id="role" name="role">
              {string.Concat(SignIn.Roles.Select(role => $"<option value=\"{role}\">{role}</option>"))}
            </select>
            <p class="hint">An owner buys, an admin opens the portal, a member reads.</p>
            <input type="hidden" name="return" value="{E(target)}">
            <button type="submit">Sign in</button>
          </form>
        </main>
        """);
}
