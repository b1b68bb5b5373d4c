/*
 * The room: lobby and call in one page, so that what the browser gave in the lobby is still there inside.
 * The protocol of its socket stands in docs/architecture/room.md.
 */
import { toolbars } from "./parts/toolbars.js";
import { Alone } from "./room/alone.js";
import { ServerClock } from "./room/clock.js";
import { choices } from "./room/devices.js";
import { beElsewhere, watchElsewhere } from "./room/elsewhere.js";
import { farewell, tellElsewhere } from "./room/farewell.js";
import { Inside } from "./room/inside.js";
import { Line } from "./room/line.js";
import { Lobby } from "./room/lobby.js";
import { Longer } from "./room/longer.js";
import { Media } from "./room/media.js";
import { otherSide } from "./room/presence.js";
import { Reporting } from "./room/report.js";
import { followWhatIsSeen } from "./room/seen.js";

const boot = JSON.parse(document.getElementById("room-boot").textContent);
const clock = new ServerClock(boot.now);
// Who comes along has nobody to wait for, and ends nothing.
const NOBODY_WAITS = { stop() {}, presence() {}, leads: async () => false };

if (boot.place === "early") waitForTheDoors();
else openTheLine();

function waitForTheDoors() {
  const wait = setInterval(() => {
    if (clock.now() < boot.opens) return;
    clearInterval(wait);
    document.getElementById("doors").textContent = "The doors are open.";
    document.getElementById("to-lobby").hidden = false;
  }, 1_000);
}

function openTheLine() {
  const line = new Line({ address: boot.socket, ticket: boot.ticket, ticketAddress: boot.urls.ticket, clock });
  // Who meets elsewhere has the room beside it, in writing, whatever they chose for other conversations.
  const media = new Media(boot.elsewhere ? { ...choices(), mode: "chat", once: true } : choices());
  const root = () => document.getElementById("room");
  let shown = location.pathname;
  let welcome;
  let view;
  let alone;
  let longer;
  let reporting;
  const watch = (inside) => {
    alone?.stop();
    alone = boot.along ? NOBODY_WAITS : new Alone({ root: root(), told: view.told, boot, clock, hours: () => view.timer.hours, inside });
    longer = inside && !boot.along && new Longer({ told: view.told, boot, clock, line, timer: view.timer });
    line.on("presence", ({ people }) => {
      const there = otherSide(people, boot.other.id);
      alone.presence(there);
      if (longer) longer.presence(there);
    });
  };
  line.on("welcome", (message) => (welcome = message));
  line.on("goodbye", (goodbye) => {
    const elsewhere = goodbye.word === "replaced";
    alone.stop();
    if (longer) longer.stop();
    view.leave?.();
    view.end?.({ running: elsewhere });
    media.stop();
    Promise.all([alone.leads(), reporting?.leads()]).then((leads) => leads.some(Boolean) || farewell(root(), goodbye, boot));
    if (elsewhere) watchElsewhere(boot.session, (there) => tellElsewhere(root(), there));
  });

  const goIn = () => {
    followWhatIsSeen();
    beElsewhere(boot.session);
    view = new Inside({ root: root(), boot, line, clock, media: media.handOver() });
    watch(true);
    reporting = boot.along ? undefined : new Reporting({ root: root(), line, me: boot.me.id, goOut: () => view.goOut() });
    view.begin(welcome);
  };

  if (boot.place === "room") {
    goIn();
  } else {
    // What is written inside while somebody waits here is shown to them when they go in.
    line.on("chat", ({ line: said }) => welcome?.chat.push(said));
    line.on("way", ({ way }) => welcome && Object.assign(welcome, { way }));
    view = new Lobby({
      root: root(),
      boot,
      line,
      clock,
      media,
      async enter() {
        const lobby = view;
        if (!(await swap(boot.urls.room))) return location.assign(boot.urls.room);
        shown = location.pathname;
        lobby.leave();
        line.forget();
        line.on("welcome", (message) => (welcome = message));
        goIn();
      },
    });
    watch(false);
  }
  line.open();
  // Back from the room to the lobby. A jump within the page is no way back.
  addEventListener("popstate", () => location.pathname !== shown && location.reload());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

/** Puts the room in the lobby's place without leaving the page. False where the page has to be loaded instead. */
async function swap(address) {
  try {
    const answer = await fetch(address, { cache: "no-store", redirect: "error" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const room = page.querySelector('#room[data-view="room"]');
    if (!room) return false;
    document.getElementById("room").replaceWith(document.adoptNode(room));
    document.querySelector(".skip")?.replaceWith(document.adoptNode(page.querySelector(".skip")));
    document.title = page.title;
    history.pushState(null, "", address);
    toolbars(document);
    const heading = room.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    return true;
  } catch {
    return false;
  }
}
