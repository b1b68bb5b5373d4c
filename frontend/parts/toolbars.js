/** `role="toolbar"`: one stop for Tab, arrows within, as the pattern of the ARIA practices has it. */

export function toolbars(root) {
  for (const bar of root.querySelectorAll('[role="toolbar"]:not([data-runs])')) {
    bar.dataset.runs = "";
    const items = () => [...bar.querySelectorAll("button, a[href]")].filter((item) => !item.disabled && !item.hidden);
    const stand = (item) => items().forEach((each) => (each.tabIndex = each === item ? 0 : -1));
    stand(items()[0]);
    bar.addEventListener("focusin", ({ target }) => stand(target.closest("button, a[href]")));
    bar.addEventListener("keydown", (event) => {
      const all = items();
      const at = all.indexOf(document.activeElement);
      const right = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      const left = right === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
      const to = { [right]: at + 1, [left]: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      all[to % all.length].focus();
    });
  }
}
