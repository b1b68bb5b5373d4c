/** `button[data-copy]` copies its own words, `button[data-copy-from="#id"]` those of another element. */

const SHOWN = 2000;

export function copy() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-copy], [data-copy-from]");
    if (!button) return;
    const from = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = from ? (from.value ?? from.textContent.trim()) : button.dataset.copy;
    const said = button.querySelector("[data-copy-words]") ?? button;
    const before = said.textContent;
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied";
    } catch {
      said.textContent = "Copy it by hand";
    }
    setTimeout(() => {
      said.textContent = before;
    }, SHOWN);
  });
}
