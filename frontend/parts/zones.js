/** `[data-zone-guess]`: the zone this device lives in, offered where none has been chosen yet. */

export function zones(root) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  for (const field of root.querySelectorAll("[data-zone-guess]:not([data-runs])")) {
    field.dataset.runs = "";
    const known = !(field instanceof HTMLSelectElement) || [...field.options].some(({ value }) => value === zone);
    if (known && (!field.value || field.type === "hidden")) field.value = zone;
  }
}
