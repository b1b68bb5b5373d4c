/** How much of the page can be seen: a phone's keyboard covers the rest, and the room makes itself as high as what is left. */

export function followWhatIsSeen() {
  const { visualViewport: seen } = window;
  if (!seen) return;
  const follow = () => {
    if (seen.scale > 1) return; // somebody looks closer: nothing moves under their fingers
    document.documentElement.style.setProperty("--seen", `${Math.round(seen.height)}px`);
    if (seen.offsetTop) window.scrollTo(0, 0); // some browsers push the page up to the field, which stands in sight already
  };
  seen.addEventListener("resize", follow);
  seen.addEventListener("scroll", follow);
  follow();
}
