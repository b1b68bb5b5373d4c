/**
 * Topics: a press on a proposed name writes it into the row it was proposed for, and filling the last
 * row brings a new one.
 */

for (const list of document.querySelectorAll("[data-topics]")) {
  list.addEventListener("click", ({ target }) => {
    const chosen = target.closest("[data-fill]");
    if (!chosen) return;
    const row = chosen.closest("li");
    const field = row.querySelector("[data-topic]");
    field.value = chosen.dataset.fill;
    row.querySelector(".found").replaceChildren();
    grow(list);
    field.focus();
  });
  list.addEventListener("input", () => grow(list));
}

function grow(list) {
  const rows = [...list.children];
  const last = rows.at(-1);
  if (!last.querySelector("[data-topic]").value.trim()) return;
  const next = last.cloneNode(true);
  const number = rows.length + 1;
  for (const each of next.querySelectorAll("[id]")) each.id = each.id.replace(/\d+$/, number);
  for (const each of next.querySelectorAll("label")) {
    each.htmlFor = each.htmlFor.replace(/\d+$/, number);
    each.textContent = each.textContent.replace(/\d+$/, number);
  }
  const field = next.querySelector("[data-topic]");
  field.value = "";
  field.removeAttribute("aria-invalid");
  next.querySelector(".found").replaceChildren();
  list.append(next);
  last.querySelector("[data-topic]").removeAttribute("placeholder");
  window.htmx?.process(next);
}
