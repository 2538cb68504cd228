// What a page does to sell: send the buyer to the payment page, and take in the outcome when they are back. It needs billing.js only.

import { BillingError, call } from "./billing.js";

/** The names of what was asked for and not answered: asking for the same again is the same purchase. */
const unanswered = new Map();

/** Does something that must happen once, under a name of its own for each click, which is kept until there is an answer. */
export async function once(what, act) {
  const name = unanswered.get(what) ?? crypto.randomUUID(); // needs https, or localhost
  unanswered.set(what, name);
  try {
    const answer = await act(name);
    unanswered.delete(what);
    return answer;
  } catch (error) {
    if (isAnswer(error)) unanswered.delete(what);
    throw error;
  }
}

/** Whether the service has decided. Without an answer, or with one of trouble, nobody knows what happened. */
export const isAnswer = error => error instanceof BillingError && error.status >= 400 && error.status < 500;

/** Starts a checkout or a top-up; gives the address of the payment page. */
export const start = (path, wanted) =>
  once(path + JSON.stringify(wanted), async key => (await call("POST", path, wanted, key)).url);

/** The session that the payment page put into our address; null if we come from somewhere else. */
export const sessionInAddress = () => new URLSearchParams(location.search).get("session_id");

/**
 * What became of a session: the service's answer, whose state is active, credited, pending_payment and so on. The webhook does the same,
 * so nothing is lost if this page never gets to it; and it is safe to repeat.
 */
export const activate = session => call("POST", "/activate", { session_id: session });

/**
 * A payment by bank debit takes days. Looks at the status now and then, less often each time and only while somebody looks at the page, and
 * asks what became of the session once the status is another one, or when pressed to.
 */
export class PendingPayment {
  static #pauses = [5, 10, 20, 40, 60]; // seconds; the last one again and again
  static #most = 30;
  static #kept = "pending-payment"; // for this tab, so that reloading the page does not forget it

  #session; #before; #settled; #looks = 0; #timer;

  /** @param settled called with the answer of activate, or with a BillingError. */
  constructor(session, before, settled) {
    [this.#session, this.#before, this.#settled] = [session, JSON.stringify(before), settled];
    sessionStorage.setItem(PendingPayment.#kept, session);
    this.#wait();
  }

  static get session() {
    return sessionStorage.getItem(PendingPayment.#kept);
  }

  /** For whoever signs in next. */
  static forget() {
    sessionStorage.removeItem(PendingPayment.#kept);
  }

  /** Asks now. Nothing happens if the bank has not answered. */
  async check() {
    try {
      const answer = await activate(this.#session);
      if (answer.state !== "pending_payment") this.#end(answer);
    } catch (error) {
      if (!isAnswer(error)) throw error;
      this.#end(error); // 409 payment_failed: the bank returned it
    }
  }

  #wait() {
    const pause = PendingPayment.#pauses[Math.min(this.#looks, PendingPayment.#pauses.length - 1)];
    this.#timer = setTimeout(() => this.#look(), pause * 1000);
  }

  async #look() {
    try {
      if (document.visibilityState === "visible") {
        this.#looks++;
        if (JSON.stringify(await call("GET", "/status")) !== this.#before) await this.check();
      }
    } catch {
      // The next look may go better.
    }
    if (this.#timer && this.#looks < PendingPayment.#most) this.#wait();
  }

  #end(outcome) {
    clearTimeout(this.#timer);
    this.#timer = null;
    PendingPayment.forget();
    this.#settled(outcome);
  }
}
