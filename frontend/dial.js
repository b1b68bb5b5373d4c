/** The dial in a browser: the same geometry as `quarterhour.web.drawing.dial`, and a test that they agree. */

const CENTRE = 12;
const HAND = 9.5;

/** The path of the minutes from `start` on, in a square of 24 units. More than 0, less than 60 minutes. */
export function wedge(start, minutes) {
  const at = (minute) => {
    const turn = (minute * 6 * Math.PI) / 180;
    return `${short(CENTRE + HAND * Math.sin(turn))} ${short(CENTRE - HAND * Math.cos(turn))}`;
  };
  return `M12 12L${at(start)}A9.5 9.5 0 ${minutes > 30 ? 1 : 0} 1 ${at(start + minutes)}Z`;
}

/** Redraws an existing dial. 0 minutes leave an empty face, 60 fill it. */
export function turn(dial, start, minutes, past = 0) {
  dial.querySelectorAll(".dial-span, .dial-past").forEach((span) => span.remove());
  if (past > 0) dial.append(span("dial-past", start, past));
  if (minutes - past > 0) dial.append(span("dial-span", start + past, minutes - past));
}

function span(kind, start, minutes) {
  const whole = minutes >= 60;
  const shape = document.createElementNS("http://www.w3.org/2000/svg", whole ? "circle" : "path");
  const given = whole ? { cx: CENTRE, cy: CENTRE, r: HAND } : { d: wedge(start, minutes) };
  for (const [name, value] of Object.entries({ class: kind, ...given })) shape.setAttribute(name, value);
  return shape;
}

function short(value) {
  return String(Number(value.toFixed(2)));
}
