/*
 * What every page may use. Each part works on what the server has sent and adds to it; without any of
 * them the page is the same page, only slower. A part gets the whole document once, and afterwards each
 * piece that htmx brings.
 */
import { appWorker } from "./parts/app-worker.js";
import { begin } from "./parts/begin.js";
import { bell } from "./parts/bell.js";
import { busy } from "./parts/busy.js";
import { clock } from "./parts/clock.js";
import { copy } from "./parts/copy.js";
import { countdown } from "./parts/countdown.js";
import { dialogs } from "./parts/dialogs.js";
import { drafts } from "./parts/drafts.js";
import { enter } from "./parts/enter.js";
import { firstError, focusAfterSwap } from "./parts/focus.js";
import { gently } from "./parts/gently.js";
import { grow } from "./parts/grow.js";
import { refusals } from "./parts/refusals.js";
import { holding } from "./parts/holding.js";
import { theme } from "./parts/theme.js";
import { toasts } from "./parts/toasts.js";
import { toolbars } from "./parts/toolbars.js";
import { weeks } from "./parts/week.js";
import { zones } from "./parts/zones.js";

const parts = [begin, clock, countdown, drafts, grow, holding, theme, toasts, toolbars, weeks, zones, scripted];

/** Shows what only makes sense with scripts. */
function scripted(root) {
  for (const each of root.querySelectorAll("[data-needs-script][hidden]")) each.hidden = false;
}

for (const part of parts) part(document);
for (const once of [appWorker, bell, busy, copy, dialogs, enter, focusAfterSwap, gently, refusals]) once();
firstError(document);

document.addEventListener("htmx:load", ({ target }) => {
  // htmx announces the page itself as well; that has been seen to above.
  if (target instanceof Element && target !== document.body) for (const part of parts) part(target.parentElement ?? target);
});
