// Everything works without this script; with it, dates are the reader's, a form is sent once, and a test card is one click.
(() => {
  "use strict";

  const day = { day: "numeric", month: "long", year: "numeric" };
  const minute = { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) {
      // British order, as the server writes it, so that nothing moves.
      time.textContent = new Intl.DateTimeFormat("en-GB", "minute" in time.dataset ? minute : day).format(at).replace(" at ", ", ");
    }
  }

  // The server charges once however often it is asked; this spares the second click its answer. A disabled button would not
  // be sent and would lose the focus.
  const sent = new WeakSet();
  document.addEventListener("submit", event => {
    if (event.target.method !== "post") {
      return;
    }
    if (sent.has(event.target)) {
      event.preventDefault();
      return;
    }
    sent.add(event.target);
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  // Back from the cache of the browser: the form may be sent again.
  addEventListener("pageshow", event => {
    if (event.persisted) {
      document.querySelectorAll("form").forEach(form => sent.delete(form));
      document.querySelectorAll("button[aria-disabled]").forEach(button => button.removeAttribute("aria-disabled"));
    }
  });

  for (const hint of document.querySelectorAll("[data-card]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = "Use";
    button.setAttribute("aria-label", `Use ${hint.dataset.card}`);
    button.addEventListener("click", () => {
      const values = { card_number: hint.dataset.card, exp: hint.dataset.exp, cvc: hint.dataset.cvc };
      for (const [name, value] of Object.entries(values)) {
        document.getElementById(name).value = value;
      }
      document.getElementById("card_number").focus();
    });
    hint.append(button);
  }
})();
