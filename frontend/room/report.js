/** Reporting the other one, or whoever comes along, from inside: the call goes on until one leaves, or blocks. */

export class Reporting {
  #leads = Promise.resolve(false);

  /** me: our own key. goOut: hangs up; the press itself leads on. */
  constructor({ root, line, me, goOut }) {
    this.root = root;
    this.me = me;
    this.form = root.querySelector("#report");
    this.refused = root.querySelector("#report-refused");
    this.done = root.querySelector("#reported");
    this.about = root.querySelector("#report-about");
    line.on("presence", ({ people }) => people.forEach((each) => this.#offer(each)));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#leads = this.#send();
    });
    this.form.closest("dialog").addEventListener("close", () => {
      this.form.hidden = false;
      this.done.hidden = this.refused.hidden = true;
    });
    this.done.querySelector("[data-leaves]").addEventListener("click", (event) => {
      if (!(event.ctrlKey || event.metaKey || event.shiftKey)) goOut();
    });
  }

  /** Whether a press of ours ended it and leads on: the room's own farewell would cross its way. */
  leads() {
    return this.#leads;
  }

  /** Whoever came along since this page was made may be reported as well, and stays to be chosen once they are out. */
  #offer({ person, name }) {
    const known = [...this.about.querySelectorAll("input")];
    if (person === this.me || known.some(({ value }) => value === person)) return;
    const last = known.at(-1).closest("label");
    const label = last.cloneNode(true);
    label.querySelector("span").textContent = `${name}, who came along`;
    label.querySelector("input").value = person;
    last.after(label);
    const first = this.about.hidden ? known : [];
    for (const input of [...first, label.querySelector("input")]) input.checked = input.defaultChecked = false;
    this.about.hidden = false;
    for (const words of this.root.querySelectorAll("[data-of]")) words.hidden = words.dataset.of !== "several";
  }

  /** Answers whether it leads elsewhere. */
  async #send() {
    const button = this.form.querySelector("[type=submit]");
    button.disabled = true;
    this.refused.hidden = true;
    try {
      const body = new URLSearchParams(new FormData(this.form));
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
      const said = await answer.json();
      if (!answer.ok) this.#refuse(said.told ?? said.detail ?? "That did not work. Press again.");
      else if (said.go) location.assign(said.go);
      else this.#kept(said);
      return answer.ok && Boolean(said.go);
    } catch {
      this.#refuse("We could not reach the server. Press again in a moment.");
      return false;
    } finally {
      button.disabled = false;
    }
  }

  #refuse(told) {
    this.refused.textContent = told;
    this.refused.hidden = false;
  }

  /** key: what a further report goes by. */
  #kept({ told, key }) {
    this.form.reset();
    this.form.elements.key.value = key;
    this.form.hidden = true;
    this.done.querySelector("p").textContent = told;
    this.done.hidden = false;
    this.done.focus();
  }
}
