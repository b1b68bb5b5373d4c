/** A screen of one's own, to be shown to whoever is here. Answers its track, or null where the browser does not give it. */
export async function ownScreen(told, ended) {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } } });
    const [track] = stream.getVideoTracks();
    track.contentHint = "detail";
    track.addEventListener("ended", ended);
    return track;
  } catch (error) {
    const leave = [["Leave it", () => told.clear("share")]];
    if (error.name !== "NotAllowedError") told.tell("share", { kind: "differ", title: "Your screen is not shared.", told: "The browser did not give it to us.", buttons: leave });
    return null;
  }
}
