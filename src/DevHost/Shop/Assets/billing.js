// How a page calls the billing service. Nothing in here knows this page: take it as it is.

const base = "/v1/billing"; // the service's address, if it is another origin's
const tokenFrom = "/demo/api/token"; // your backend, which knows who is signed in and holds the key
const attempts = 4;
const longestWait = 10; // seconds that a visitor is kept waiting without a word

/** What the service refused, in its one shape of errors. */
export class BillingError extends Error {
  constructor(status, { error, metadata }) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.details = error.details;
    this.requestId = metadata?.request_id;
  }
}

/** Calls that get an answer are told to whoever watches: a developer's panel here. */
let watcher = () => {};
export const watch = listener => { watcher = listener; };

// In memory only: what lies in the browser's storage, any script that gets into any page of this origin can read.
let token = null;

/**
 * Calls the service, with a new token when the old one is refused, and again when there was no answer or the service says when to try
 * again. All of that is safe because each attempt carries the same key: give one to whatever buys or spends.
 */
export async function call(method, path, body, key) {
  let renewed = false;
  for (let attempt = 1; ; attempt++) {
    const used = token ??= fetchToken();
    const answer = await send(method, base + path, body, {
      Authorization: `Bearer ${await used}`,
      ...(key && { "Idempotency-Key": key }),
    });
    // By the service's word and not by its expires_at: the clock of a visitor's machine may be hours off.
    if (answer?.status === 401 && !renewed) {
      renewed = true;
      if (token === used) token = null; // unless another call has done it already
    } else if (answer?.ok) {
      return answer.body;
    } else if (attempt < attempts && isWorthAnotherTry(answer)) {
      await new Promise(resolve => setTimeout(resolve, 1000 * (answer?.retryAfter || attempt)));
    } else {
      throw asError(answer);
    }
  }
}

/** Calls your own backend: the browser adds the session's cookie by itself. */
export async function callBackend(path, body) {
  for (let attempt = 1; ; attempt++) {
    const answer = await send("POST", path, body ?? {});
    if (answer?.ok) return answer.body;
    if (attempt === attempts || !isWorthAnotherTry(answer)) throw asError(answer);
    await new Promise(resolve => setTimeout(resolve, 1000 * (answer?.retryAfter || attempt)));
  }
}

function fetchToken() {
  const asked = callBackend(tokenFrom).then(answer => answer.token);
  asked.catch(() => { if (token === asked) token = null; }); // the next call asks again
  return asked;
}

/** The answer, or null if none came: then nobody knows whether the call was carried out. */
async function send(method, url, body, headers) {
  const started = performance.now();
  const request = { method, headers: { ...headers, ...(body && { "Content-Type": "application/json" }) }, body: body && JSON.stringify(body) };
  let response, text;
  try {
    response = await fetch(url, request);
    text = await response.text();
  } catch {
    watcher({ method, url, headers, request: body, status: 0, response: null, milliseconds: performance.now() - started });
    return null;
  }
  const answer = { ok: response.ok, status: response.status, retryAfter: Number(response.headers.get("Retry-After")), body: parsed(text) };
  watcher({ method, url, headers, request: body, status: answer.status, response: answer.body, milliseconds: performance.now() - started });
  return answer;
}

const isWorthAnotherTry = answer => answer === null || (answer.retryAfter > 0 && answer.retryAfter <= longestWait);

const asError = answer => answer?.body?.error
  ? new BillingError(answer.status, answer.body)
  : new BillingError(answer?.status ?? 0, { error: { code: "NO_ANSWER", message: "The server did not answer. Try again: nothing happens twice." } });

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a proxy's page, perhaps
  }
}
