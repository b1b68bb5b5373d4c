/** `[name="theme"][data-theme-choice]`: light, dark, or as the system has it. The cookie tells the server. */

const YEAR = 31_536_000;

export function theme(root) {
  for (const choice of root.querySelectorAll("[data-theme-choice]:not([data-runs])")) {
    choice.dataset.runs = "";
    choice.addEventListener("change", ({ target }) => {
      const wanted = ["light", "dark"].includes(target.value) ? target.value : "";
      if (wanted) document.documentElement.dataset.theme = wanted;
      else delete document.documentElement.dataset.theme;
      document.cookie = `theme=${wanted}; path=/; max-age=${wanted ? YEAR : 0}; samesite=lax`;
    });
  }
}
