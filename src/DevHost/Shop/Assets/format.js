// Amounts, numbers and dates as the reader writes them.

// In the language of the page, whose words stand around them, as it is written where the reader is: 24 Dec in Britain, Dec 24 in America.
const page = document.documentElement.lang;
const language = navigator.languages.find(tag => tag.split("-")[0] === page) ?? page;
const numbers = new Intl.NumberFormat(language);
const dates = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
const times = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const utc = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });

export const count = number => numbers.format(number);

/** Minor units, of which a yen has none and a dinar a thousand. */
export function money(amount, currency) {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits;
  return format.format(amount / 10 ** digits);
}

/** In the reader's zone; UTC, as the service's log has it, when pointed at. */
export function date(iso, withTime = false) {
  const time = document.createElement("time");
  const instant = new Date(iso);
  [time.dateTime, time.textContent, time.title] = [iso, (withTime ? times : dates).format(instant), `${utc.format(instant)} UTC`];
  return time;
}
