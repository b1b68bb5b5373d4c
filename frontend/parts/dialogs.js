/**
 * `<a href="..." data-opens="#release">`: asks in a dialog of this page. Without scripts the link leads to
 * a page with the same question. `[data-closes]` is the way out, beside Escape.
 */

export function dialogs() {
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own leaves nothing
    const opener = event.target.closest?.("[data-opens]");
    const dialog = opener && document.querySelector(opener.dataset.opens);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    if (event.target.closest?.("[data-closes]")) event.target.closest("dialog")?.close();
  });
}
