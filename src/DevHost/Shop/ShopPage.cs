using static DevHost.Shop.ShopFrame;

namespace DevHost.Shop;

/// <summary>
/// The page of somebody who is signed in. What they have is filled in by the script; the places for it have their size already, so that
/// nothing jumps when it comes.
/// </summary>
internal static class ShopPage
{
    public static ShopFrame Html(Visitor visitor, ShopOffers offers, string? sandboxUrl) => new("Billing", $"""
        <a class="skip" href="#main">Skip to content</a>
        <header>
          <p class="brand"><img src="{ShopAssets.Url("icon.svg")}" alt="" width="28" height="28"> Framewell</p>
          <p class="who"><span>{E(visitor.Org)}</span> <span class="badge">{E(visitor.Role)}</span></p>
          {(sandboxUrl is null ? "" : $"""<a href="{E(sandboxUrl)}/_sandbox">Stripe sandbox</a>""")}
          <form method="post" action="{DemoShop.Path}/sign-out" data-sign-out><button type="submit" class="link">Sign out</button></form>
        </header>
        <div class="columns">
          <main id="main" tabindex="-1">
            <h1>Plan and credits</h1>
            <div id="notice" class="notice" role="status"><p>Looking up what you have…</p></div>
            <div class="pair">{Plan()}{Credits()}</div>
            {Plans(offers)}
            {TopUps(offers)}
          </main>
          <aside aria-labelledby="calls-title">
            <div class="title"><h2 id="calls-title">Calls</h2><button type="button" id="clear" class="link">Clear</button></div>
            <p class="hint">What this page and its backend ask the billing service, newest first.</p>
            <ol id="calls"></ol>
          </aside>
        </div>
        """, "shop.js");

    private static string Plan() => """
        <section class="card" aria-labelledby="plan-title">
          <h2 id="plan-title">Your plan</h2>
          <p class="figure" id="plan">…</p>
          <p id="standing" class="hint">&nbsp;</p>
          <div class="actions">
            <button type="button" id="portal">Manage billing</button>
            <button type="button" id="refresh" class="quiet">Refresh</button>
          </div>
        </section>
        """;

    private static string Credits() => $"""
        <section class="card" aria-labelledby="credits-title">
          <h2 id="credits-title">Your credits</h2>
          <p class="figure"><span id="available">…</span> <span class="unit">to spend</span></p>
          <dl>
            <div><dt>From the plan</dt><dd id="plan-credits">…</dd></div>
            <div><dt>Bought</dt><dd id="topup-credits">…</dd></div>
            <div><dt>On hold</dt><dd id="held">…</dd></div>
            <div><dt>Owed</dt><dd id="debt">…</dd></div>
            <div><dt>Next expire</dt><dd id="next-expiry">…</dd></div>
            <div><dt>Next come</dt><dd id="next-grant">…</dd></div>
          </dl>
          <div class="actions">
            {string.Concat(ShopBackend.Prices.Select(price => $"""<button type="button" class="quiet" data-render="{price.Key}">Render a {price.Key} ({price.Value})</button>"""))}
          </div>
        </section>
        """;

    private static string Plans(ShopOffers offers) => $"""
        <section class="plans" aria-labelledby="plans-title">
          <div class="title">
            <h2 id="plans-title">Plans</h2>
            <fieldset class="switch">
              <legend>Pay</legend>
              <input type="radio" name="interval" id="monthly" value="monthly" checked><label for="monthly">Monthly</label>
              <input type="radio" name="interval" id="annual" value="annual"><label for="annual">Annually</label>
            </fieldset>
          </div>
          <ul class="cards">{offers.Plans}</ul>
        </section>
        """;

    private static string TopUps(ShopOffers offers) => $"""
        <section aria-labelledby="topups-title">
          <h2 id="topups-title">More credits</h2>
          <p class="hint">Bought credits never expire, and are spent after those of the plan.</p>
          <ul class="cards">{offers.Packs}</ul>
          {offers.Custom}
        </section>
        """;
}
