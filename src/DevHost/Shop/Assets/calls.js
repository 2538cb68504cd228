// The panel of calls, for developers. A real page has none.

const list = document.getElementById("calls");
const most = 60;

document.getElementById("clear").addEventListener("click", () => list.replaceChildren());

/** Shows a call at the top, closed. Credentials are shortened: screenshots travel. */
export function show({ method, path, headers = {}, request, status, response, milliseconds }, caller = "page") {
  const summary = element("summary", {},
    element("span", { className: "method" }, method), " ",
    element("span", { className: "path" }, path), " ",
    element("span", { className: status >= 200 && status < 400 ? "status good" : "status bad" }, status ? String(status) : "no answer"), " ",
    element("span", { className: "took" }, `${Math.round(milliseconds)} ms`), " ",
    element("span", { className: "caller" }, caller));
  const details = element("details", {}, summary,
    ...part("Headers", Object.keys(headers).length > 0 ? Object.entries(headers).map(([name, value]) => `${name}: ${shortened(value)}`).join("\n") : null),
    ...part("Request", pretty(request)),
    ...part("Answer", pretty(response)));
  list.prepend(element("li", {}, details));
  while (list.children.length > most) list.lastChild.remove();
}

const part = (name, text) => text === null ? [] : [element("h3", {}, name), element("pre", {}, text)];

const pretty = json => json === null || json === undefined ? null
  : JSON.stringify(json, (_, value) => typeof value === "string" ? shortened(value) : value, 2);

const shortened = text => text.replace(/\beyJ[\w.-]{12,}/g, token => `${token.slice(0, 8)}…${token.slice(-4)}`);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
