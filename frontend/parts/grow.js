/** A textarea grows with its text. Where the browser does it from the stylesheet, nothing is left to do. */

export function grow(root) {
  if (CSS.supports("field-sizing", "content")) return;
  for (const area of root.querySelectorAll("textarea.input:not([data-grows]), .ask textarea:not([data-grows])")) {
    area.dataset.grows = "";
    const fit = () => {
      area.style.blockSize = "auto";
      area.style.blockSize = `${area.scrollHeight + 2}px`;
    };
    area.addEventListener("input", fit);
    fit();
  }
}
