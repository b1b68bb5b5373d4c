/** M mutes, V hides one's picture: two letters for two buttons, while nobody types and nobody minds. */
export function letters(at, wanted, keep) {
  const box = at("keys");
  box.checked = wanted;
  box.addEventListener("change", () => keep(box.checked));
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
    const button = { m: "mute", v: "hide" }[event.key.toLowerCase()];
    if (button && !at(button).hidden) at(button).click();
  });
}
