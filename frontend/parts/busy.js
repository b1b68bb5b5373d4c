/** A button at work says so, and a form is not sent twice by an impatient hand. */

const IMPATIENT = 8000; // after that a second press is meant: a download, say, leaves the page as it was

export function busy() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sending !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "";
    const button = event.submitter ?? form.querySelector('[type="submit"]');
    button?.setAttribute("aria-busy", "true");
    setTimeout(() => rest(form), IMPATIENT);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => button(detail)?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", ({ detail }) => rest(detail.elt, button(detail)));
  // A page that comes back by "back" must not still be at work.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) rest(form);
  });
}

function button({ elt, requestConfig }) {
  const event = requestConfig?.triggeringEvent;
  return event?.submitter ?? (elt?.matches?.("button, .button") ? elt : null);
}

function rest(element, pressed = null) {
  const form = element?.closest?.("form") ?? element;
  if (form?.dataset) delete form.dataset.sending;
  for (const each of [pressed, ...(form?.querySelectorAll?.('[aria-busy="true"]') ?? [])]) each?.removeAttribute("aria-busy");
}
