/** What the tabs of one browser tell each other about a call: which of them has it, and when that one is gone. */

const GONE_AFTER = 2_500; // milliseconds: a reload is no leaving

const channel = (session) => new BroadcastChannel(`quarterhour-room-${session}`);

/** This tab has the call from now on. */
export function beElsewhere(session) {
  const tabs = channel(session);
  tabs.postMessage("here");
  addEventListener("pagehide", () => tabs.postMessage("gone"));
}

/** tell(there): called whenever the tab that took the call goes, or another one takes it. Other devices are not seen. */
export function watchElsewhere(session, tell) {
  let going;
  channel(session).onmessage = ({ data }) => {
    clearTimeout(going);
    if (data === "here") tell(true);
    else going = setTimeout(() => tell(false), GONE_AFTER);
  };
}
