/** Focus stays where it was, or goes to the new heading when the old place is gone. */

/** After a form came back with errors, to the first of them. */
export function firstError(root) {
  root.querySelector('[aria-invalid="true"]')?.focus();
}

/** `[autofocus]` or `[data-focus]` in what came after a press or a send is where to go on. A part that renews
 * itself moves nobody, unless the place they were at went with it. */
export function focusAfterSwap() {
  let within = false;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    within = Boolean(detail.target?.contains?.(document.activeElement));
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const piece = detail.elt;
    if (!(piece instanceof Element)) return;
    const asked = ["click", "submit"].includes(detail.requestConfig?.triggeringEvent?.type);
    const wanted = asked && (piece.querySelector('[aria-invalid="true"]') ?? piece.querySelector("[autofocus], [data-focus]"));
    const lost = within && !document.activeElement?.closest("body *");
    const place = wanted || (lost ? piece.querySelector("h1, h2, h3") : null);
    within = false;
    if (!place) return;
    if (!place.matches("a[href], button, input, select, textarea, [tabindex]")) place.tabIndex = -1;
    place.focus({ preventScroll: !wanted });
  });
}
