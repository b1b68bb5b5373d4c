/** What htmx should do when the answer is no: show the server's sentence, or say that nothing came. */
import { tell } from "./toasts.js";

// A form that came back with its errors, and news such as "just booked": both are pieces of the page.
const TOLD = new Set([409, 422]);

export function refusals() {
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { xhr } = detail;
    if (xhr.status < 400) return;
    if (TOLD.has(xhr.status) || xhr.getResponseHeader("HX-Retarget")) {
      detail.shouldSwap = true;
      detail.isError = false;
    } else {
      tell("Something broke on our side. Nothing you wrote is lost. Try again in a minute.");
    }
  });
  for (const news of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(news, () => tell("You are offline. What you type is kept on this device."));
  }
}
