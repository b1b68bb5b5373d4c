/** Whoever waits alone gets one press, ten minutes after the start. The server looks once more before it counts. */

export class Alone {
  #there; // undefined until we know
  #met = false;
  #left = false;
  #leads = Promise.resolve(false);

  /** told: notes of this view. hours: () => {starts}, as they stand now. inside: whether this view is the room. */
  constructor({ root, told, boot, clock, hours, inside = false }) {
    Object.assign(this, { root, told, boot, clock, hours, inside });
    const key = `quarterhour-came-${boot.session}`;
    this.came = Number(sessionStorage.getItem(key)) || clock.now();
    sessionStorage.setItem(key, this.came);
    this.running = setInterval(() => this.#look(), 1_000);
  }

  stop() {
    clearInterval(this.running);
    this.told.clear("alone");
  }

  /** place: where the other one is, as in presence.js. */
  presence({ place }) {
    this.#there = place;
    if (this.inside && place === "room") this.#met = true;
    this.#look();
  }

  /** From when on the press is offered. */
  get since() {
    return Math.max(this.hours().starts + this.boot.grace * 1_000, this.came + this.boot.waited * 1_000);
  }

  #look() {
    if (this.boot.elsewhere) return; // the other one may sit at the same table
    if (this.#there !== "" || this.#met) return this.told.clear("alone");
    if (this.#left || this.clock.now() < this.since || this.told.has("alone")) return;
    const name = this.boot.other.first;
    const buttons = this.boot.polite
      ? [["Find another time", () => this.#go("times")], ["Ask somebody now", () => this.#go("now")]]
      : [["Free the rest of the time", () => this.#go("times")]];
    this.told.tell("alone", {
      kind: "time",
      title: `${name} did not come.`,
      told: `Wait as long as you like. If you go, this session ends, and ${name} is told what happened and how to say otherwise.`,
      buttons: [...buttons, ["Keep waiting", () => this.#wait()]],
    });
  }

  #wait() {
    this.#left = true;
    this.told.clear("alone");
  }

  /** Whether a press of ours ended it and leads on: the room's own farewell would cross its way. */
  leads() {
    return this.#leads;
  }

  #go(to) {
    this.#leads = this.#press(to);
  }

  /** Answers whether it leads elsewhere. */
  async #press(to) {
    const form = this.root.querySelector("#nobody-came");
    const body = new URLSearchParams(new FormData(form));
    body.set("to", to);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
      const said = await answer.json();
      if (answer.ok) location.assign(said.go);
      else this.#refused(said.told ?? said.detail ?? "That did not work. Try again.");
      return answer.ok;
    } catch {
      this.#refused("We could not reach the server. Try again in a moment.");
      return false;
    }
  }

  #refused(told) {
    this.told.clear("alone");
    this.told.tell("alone-refused", { told, buttons: [["Keep waiting", () => this.told.clear("alone-refused")]] });
  }
}
