/**
 * `form[data-draft="ask"]`: what is being written stays in this browser for an hour.
 *
 * A field is filled again only while the server still shows what it showed when the words were written:
 * whatever was saved since has the last word. The draft goes once a page without the form has come, unless that
 * page turns somebody away (data-turned-away: sign in first, try again later): then nothing was sent.
 * data-no-draft on a field leaves it out; passwords, files and hidden fields always are.
 */

const KEY = "quarterhour:draft:";
const HOUR = 3_600_000;
const SILENT = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);

export function drafts(root) {
  forgetOld();
  for (const form of root.querySelectorAll("form[data-draft]:not([data-kept])")) {
    form.dataset.kept = "";
    // htmx listens from DOMContentLoaded on: what reads the words back would miss them before that.
    if (root === document) document.addEventListener("DOMContentLoaded", () => restore(form), { once: true });
    else restore(form);
    let waiting;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => keep(form), 300);
    });
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      keep(form, { sent: true });
    });
    form.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (detail.successful && detail.elt === form) localStorage.removeItem(KEY + form.dataset.draft);
    });
  }
}

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !SILENT.has(field.type) && !("noDraft" in field.dataset) && "value" in field,
  );
}

const choosable = (field) => field.type === "checkbox" || field.type === "radio";
const written = (field) => (choosable(field) ? field.checked : field.value);
const shown = (field) => {
  if (choosable(field)) return field.defaultChecked;
  if (field instanceof HTMLSelectElement) return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value;
  return field.defaultValue;
};
const label = (field) => (choosable(field) ? `${field.name}=${field.value}` : field.name);

function keep(form, extra = {}) {
  const words = {};
  for (const field of fields(form)) {
    if (written(field) !== shown(field)) words[label(field)] = [shown(field), written(field)];
  }
  store(form.dataset.draft, { at: Date.now(), words, ...extra });
}

function restore(form) {
  const draft = read(KEY + form.dataset.draft);
  if (!draft) return;
  for (const field of fields(form)) {
    const [was, is] = draft.words[label(field)] ?? [];
    if (is === undefined || was !== shown(field)) continue;
    if (choosable(field)) field.checked = is;
    else field.value = is;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Drafts past their hour, and those that were sent and taken: their form has not come back, nor were they turned away. */
function forgetOld() {
  for (const key of Object.keys(localStorage).filter((each) => each.startsWith(KEY))) {
    const draft = read(key);
    const back = document.querySelector(`form[data-draft="${CSS.escape(key.slice(KEY.length))}"]`);
    const answered = draft?.sent && !back;
    if (answered && document.querySelector("[data-turned-away]")) localStorage.setItem(key, JSON.stringify({ ...draft, sent: false }));
    else if (!draft || Date.now() - draft.at > HOUR || answered) localStorage.removeItem(key);
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function store(name, draft) {
  try {
    localStorage.setItem(KEY + name, JSON.stringify(draft));
  } catch {
    // A full or forbidden store keeps no draft; the form itself is not touched by that.
  }
}
