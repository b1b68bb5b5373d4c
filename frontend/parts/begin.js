/** `button[data-begin="I am stuck on" data-begin-in="question"]`: puts the first words into a field, caret after them. */

export function begin(root) {
  for (const button of root.querySelectorAll("button[data-begin]:not([data-ready])")) {
    button.dataset.ready = "";
    button.addEventListener("click", () => {
      const field = document.getElementById(button.dataset.beginIn);
      if (!field) return;
      field.value = `${button.dataset.begin} ${field.value.trimStart()}`;
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
