// The shop's page. What a frontend needs from it is in billing.js and purchases.js; here is how a page puts them together.

import { BillingError, call, callBackend, watch } from "./billing.js";
import { show } from "./calls.js";
import { count, date, money } from "./format.js";
import { activate, isAnswer, once, PendingPayment, sessionInAddress, start } from "./purchases.js";

const home = "/demo";
const byId = id => document.getElementById(id);
const names = new Map([["free", "Free"]]);
let status = null;

watch(made => {
  show({ ...made, path: made.url });
  if (made.url.startsWith(home)) showBackendCalls();
  // Signed out, or the shop was restarted: the page at this address asks to sign in.
  if (made.url.startsWith(home) && made.status === 401) location.reload();
});

for (const amount of document.querySelectorAll(".money")) amount.textContent = money(Number(amount.value), amount.dataset.currency);
for (const button of document.querySelectorAll("[data-buy]")) {
  names.set(button.dataset.buy, button.dataset.name);
  onClick(button, () => leaveFor("/checkout", { plan: button.dataset.buy, interval: interval() }));
}
for (const button of document.querySelectorAll("[data-pack]")) onClick(button, () => leaveFor("/topup", { pack: button.dataset.pack }));
for (const button of document.querySelectorAll("[data-render]")) onClick(button, () => render(button.dataset.render));
for (const choice of document.querySelectorAll("[name=interval]")) choice.addEventListener("change", showOffers);
byId("custom")?.addEventListener("submit", event => {
  event.preventDefault();
  work(event.submitter, () => leaveFor("/topup", { credits: byId("credits").valueAsNumber }));
});
onClick(byId("portal"), async () => {
  location.assign((await call("POST", "/portal", { return_url: location.origin + home })).url);
  await thePageToGo();
});
onClick(byId("refresh"), async () => {
  await refresh();
  say("Up to date.");
});
document.querySelector("[data-sign-out]").addEventListener("submit", () => PendingPayment.forget());
// Back from the payment page: browsers may show this page as it was left, in the middle of a purchase and with what was true then.
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

/** Takes up where the visitor comes from: the payment page, with or without a purchase, the portal, or anywhere. */
async function arrive() {
  const session = sessionInAddress();
  if (session) {
    await takeIn(session);
  } else if (location.pathname.endsWith("/paid")) {
    await afterPortal();
  } else {
    await refresh();
    const left = location.pathname.endsWith("/cancelled");
    say(left ? "Nothing was bought. The payment page stays open for a while, should you change your mind." : greeting());
    if (!left && PendingPayment.session) await takeIn(PendingPayment.session);
  }
  history.replaceState(null, "", home);
}

async function takeIn(session) {
  let outcome;
  try {
    outcome = await activate(session);
  } catch (error) {
    // Without an answer the address stays as it is, and reloading asks again. With one, going back or reloading must not repeat it.
    if (!isAnswer(error)) throw error;
    outcome = error;
  }
  history.replaceState(null, "", home);
  await refresh();
  if (outcome.state === "pending_payment") {
    awaitPayment(session);
  } else {
    PendingPayment.forget();
    tell(outcome);
  }
}

function awaitPayment(session) {
  const pending = new PendingPayment(session, status, async outcome => {
    await refresh();
    tell(outcome);
  });
  const check = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: "Check now" });
  onClick(check, () => pending.check());
  say("Your payment is being processed. Your bank answers within a few days; there is nothing more for you to do.", check);
}

function tell(outcome) {
  if (outcome instanceof BillingError) return refuse(outcome);
  const plan = names.get(outcome.plan) ?? outcome.plan;
  say({
    active: `Thank you. You are on the ${plan} plan.`,
    already_active: `Thank you. You are on the ${plan} plan.`,
    credited: `Thank you. Your credits are here: you can spend ${count(outcome.credits)}.`,
    already_credited: `Thank you. Your credits are here: you can spend ${count(outcome.credits)}.`,
    ended: "That purchase is over. Activating it again brings nothing back.",
  }[outcome.state] ?? `The payment is ${outcome.state}.`);
}

/** A change that was confirmed in the portal reaches the service by webhook, a moment later. */
async function afterPortal() {
  say("Welcome back. Your change will show here in a moment.");
  await refresh();
  const before = JSON.stringify(status);
  for (const pause of [1, 2, 4]) {
    await new Promise(resolve => setTimeout(resolve, pause * 1000));
    await refresh();
    if (JSON.stringify(status) !== before) break;
  }
  say(greeting());
}

/** To the payment page. The button stays busy until this page is gone: a second click starts nothing. */
async function leaveFor(path, wanted) {
  location.assign(await start(path, wanted));
  await thePageToGo();
}

const thePageToGo = () => new Promise(resolve => setTimeout(resolve, 10_000));

/** The product itself. It is the backend that spends; the page only names the work, so that a second try is the same work. */
async function render(size) {
  try {
    const { debited, available } = await once(`render ${size}`, id => callBackend(`${home}/api/renders`, { id, size }));
    say(`Your ${size} is rendered. It took ${count(debited)} credits; ${count(available)} are left.`);
  } finally {
    await refresh();
  }
}

async function refresh() {
  const [now, credits] = await Promise.all([call("GET", "/status"), call("GET", "/credits")]);
  status = now;
  byId("plan").textContent = names.get(now.plan) ?? now.plan;
  byId("standing").replaceChildren(...standing(now));
  byId("available").textContent = count(credits.available);
  byId("plan-credits").textContent = count(credits.plan_credits);
  byId("topup-credits").textContent = count(credits.topup_credits);
  byId("held").textContent = count(credits.held);
  byId("debt").textContent = count(credits.debt);
  byId("next-expiry").replaceChildren(credits.next_expiry ? date(credits.next_expiry, true) : "never");
  byId("next-grant").replaceChildren(credits.next_grant_at ? date(credits.next_grant_at, true) : "with a plan");
  showOffers();
}

function standing({ plan, status: state, interval: every, current_period_end, cancel_at, cancel_at_period_end, trial_end }) {
  if (plan === "free") return ["No subscription."];
  const paid = every === "annual" ? "Paid annually" : "Paid monthly";
  const ends = cancel_at ?? (cancel_at_period_end ? current_period_end : null);
  if (ends) return [`${paid}; it ends on `, date(ends), "."];
  if (state === "past_due") return [`${paid}; the last payment failed. Please see to your card.`];
  if (state === "trialing") return ["On trial until ", date(trial_end), "."];
  return [`${paid}; renews on `, date(current_period_end), "."];
}

/** Which plan is theirs, and what the buttons of the others would do. */
function showOffers() {
  for (const button of document.querySelectorAll("[data-buy]")) {
    const { buy: plan, name } = button.dataset;
    const isCurrent = status?.plan === plan && status.interval === interval();
    button.closest("[data-plan]").toggleAttribute("data-current", status?.plan === plan);
    button.textContent = isCurrent ? "Current plan" : status && status.plan !== "free" ? `Switch to ${name}` : `Subscribe to ${name}`;
    button.disabled = isCurrent;
  }
}

const interval = () => document.querySelector("[name=interval]:checked").value;

const greeting = () => status.plan === "free"
  ? "You are on the free plan. Choose one below, or buy credits."
  : `You are on the ${names.get(status.plan) ?? status.plan} plan.`;

function onClick(button, action) {
  button.addEventListener("click", () => work(button, action));
}

/** One thing at a time per button; what goes wrong is said. Not disabled meanwhile: that would take the focus away. */
async function work(button, action) {
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  try {
    await action();
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    refuse(error);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

function say(text, ...more) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  byId("notice").className = "notice";
  byId("notice").replaceChildren(paragraph, ...more);
}

/** A refusal, with what the service's log knows it by. */
function refuse({ code, message, details, requestId }) {
  const reason = details?.reason ?? details?.errors?.map(({ path, message: why }) => `${path}: ${why}`).join(" ");
  say(message);
  byId("notice").className = "notice refused";
  const small = document.createElement("p");
  small.className = "hint";
  small.textContent = [code, reason, requestId].filter(Boolean).join(" · ");
  byId("notice").append(small);
}

async function showBackendCalls() {
  const response = await fetch(`${home}/api/calls`);
  if (!response.ok) return;
  for (const made of await response.json()) show(made, "backend");
}

await work(null, arrive);
