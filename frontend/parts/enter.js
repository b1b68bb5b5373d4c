/**
 * `input[data-enter="change"]`: Enter takes over what was typed, as leaving the field does, and the form stays.
 *
 * Without scripts Enter sends the form, and the field goes with it.
 */

export function enter() {
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !field.matches?.('input[data-enter="change"]')) return;
    event.preventDefault();
    if (field.value.trim()) field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
