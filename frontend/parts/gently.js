/**
 * `[data-gently]`: a part that renews itself every so often waits while somebody is in the middle of it, with something
 * folded open or the keyboard inside, and while nobody looks at the page: what is not seen is not read.
 */
export function gently() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    if (!elt?.matches?.("[data-gently]") || requestConfig?.triggeringEvent) return;
    if (document.hidden || elt.querySelector("details[open], dialog[open], :focus-visible")) event.preventDefault();
  });
}
