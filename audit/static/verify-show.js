// What the page of the checks is put together from. Whatever comes from a pack or a letter is put there as text, never as markup.

const ICONS = {
  holds: "M7 16.5 13.5 23 25 9.5",
  fails: "M9 9 23 23M23 9 9 23",
  unproven: "M16 7V18M16 23.5V24",
  unreadable: "M16 7V18M16 23.5V24",
};

/** @param {string} id */
export const find = (id) => document.getElementById(id);

/** An element with a class and a text. @param {string} tag @param {string} classes @param {string} text */
export function make(tag, classes, text = "") {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}

/** Shows a mistake at its question, as GOV.UK does; "" takes it away. */
export function complain(id, sentence) {
  const place = find(`${id}-error`);
  place.hidden = !sentence;
  place.replaceChildren(make("span", "govuk-visually-hidden", "Error: "), sentence);
  place.parentElement.classList.toggle("govuk-form-group--error", Boolean(sentence));
  if (!sentence) return;
  place.closest("details")?.setAttribute("open", "");
  find(id).focus();
}

/** The verdict, in place of an earlier one. @param {{look: string, headline: string, said: string[], name: string}} told */
export function showPanel(place, { look, headline, said, name }) {
  const panel = make("div", `vouch-verdict vouch-verdict--${look}`), heading = make("h2", "vouch-verdict__title");
  heading.append(icon(look), make("span", "", headline));
  panel.append(heading, ...said.filter(Boolean).map((text) => make("p", "govuk-body", text)));
  if (name) panel.append(make("p", "govuk-body vouch-quiet", name));
  place.replaceChildren(panel);
  panel.scrollIntoView({ block: "nearest" });
}

/** What was checked, from lines of [name, text, text…]. @param {string[][]} lines */
export function showFacts(lines) {
  const list = make("dl", "govuk-summary-list");
  for (const [key, ...values] of lines) {
    const row = make("div", "govuk-summary-list__row");
    const value = make("dd", "govuk-summary-list__value");
    value.append(...values.map((text) => make("div", "", text)));
    row.append(make("dt", "govuk-summary-list__key", key), value);
    list.append(row);
  }
  return [make("h2", "govuk-heading-m", "What was checked"), list];
}

/** A sign for each colour. */
function icon(status) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of [["viewBox", "0 0 32 32"], ["class", "vouch-verdict__icon"], ["aria-hidden", "true"]]) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[status]);
  svg.append(path);
  return svg;
}
