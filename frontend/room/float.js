/*
 * The other side's picture in a small window above everything else, for whoever reads or writes in another program
 * meanwhile. Offered where the browser can, and only while there is a picture.
 */
export class Float {
  constructor(button, picture) {
    Object.assign(this, { button, picture });
    button.addEventListener("click", () => this.#turn());
    for (const kind of ["enterpictureinpicture", "leavepictureinpicture"]) picture.addEventListener(kind, () => this.#show());
  }

  /** Whether there is a picture to take out; without one the small window closes. */
  follow(shown) {
    this.shown = shown;
    this.#show();
    if (!shown && this.out) document.exitPictureInPicture().then(() => this.#show(), () => {});
  }

  get out() {
    return document.pictureInPictureElement === this.picture;
  }

  async #turn() {
    try {
      await (this.out ? document.exitPictureInPicture() : this.picture.requestPictureInPicture());
      this.#show();
    } catch {
      this.button.hidden = true; // it said that it can, and cannot
    }
  }

  #show() {
    this.button.hidden = !(document.pictureInPictureEnabled && this.shown);
    this.button.setAttribute("aria-pressed", String(this.out));
  }
}
