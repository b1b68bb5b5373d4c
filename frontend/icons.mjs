/*
 * The mark as PNG, drawn from its own geometry (see static/logo.svg): a ring, a stem, and the first quarter of
 * the hour. Home screens want pixels; drawing them here keeps pictures out of the sources.
 */
import * as zlib from "node:zlib";

const INK = [0x2b, 0x21, 0x1c];
const PAPER = [0xfb, 0xf8, 0xf3];
const TIME = [0xe8, 0x5c, 0x04];
const FINE = 4; // samples along each side of a pixel

// The mark lies in a square of 64: bowl around (27, 27), stem at 45.5, as in logo.svg.
const inRing = (x, y) => Math.abs(Math.hypot(x - 27, y - 27) - 18.5) <= 3.25;
const inStem = (x, y) => Math.abs(x - 45.5) <= 3.25 && y >= 6 && y <= 60;
const inQuarter = (x, y) => x >= 27 && y <= 27 && Math.hypot(x - 27, y - 27) <= 11.5;

/** Red, green, blue and how much, at a point of the square of 64. */
function sample(x, y, { ground, alone }) {
  if (alone) return inRing(x, y) || inStem(x, y) || inQuarter(x, y) ? [...PAPER, 255] : [0, 0, 0, 0];
  if (inQuarter(x, y)) return [...TIME, 255];
  if (inRing(x, y) || inStem(x, y)) return [...INK, 255];
  return ground ? [...PAPER, 255] : [0, 0, 0, 0];
}

/** A picture `size` pixels wide. share: how much of its side the mark takes; alone: the mark in one colour, for badges. */
export function icon(size, { share = 0.72, ground = true, alone = false } = {}) {
  const scale = 64 / (size * share);
  const left = (size * (1 - share)) / 2;
  // The mark's own ink is 3 to 49 wide and 5 to 60 high: its middle goes to the middle.
  const at = (pixel, middle) => (pixel - left) * scale - 32 + middle;
  const rows = [];
  for (let y = 0; y < size; y += 1) {
    const row = Buffer.alloc(1 + size * 4);
    for (let x = 0; x < size; x += 1) {
      const sums = [0, 0, 0, 0];
      for (let n = 0; n < FINE * FINE; n += 1) {
        const [r, g, b, a] = sample(
          at(x + ((n % FINE) + 0.5) / FINE, 27.125),
          at(y + (Math.floor(n / FINE) + 0.5) / FINE, 32.625),
          { ground, alone },
        );
        sums[0] += r * a;
        sums[1] += g * a;
        sums[2] += b * a;
        sums[3] += a;
      }
      const alpha = sums[3] || 1;
      row.set([sums[0] / alpha, sums[1] / alpha, sums[2] / alpha, sums[3] / (FINE * FINE)].map(Math.round), 1 + x * 4);
    }
    rows.push(row);
  }
  return png(size, Buffer.concat(rows));
}

function png(size, rows) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8); // eight bits a channel, with transparency
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", zlib.deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const length = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(checksum(body));
  return Buffer.concat([length, body, sum]);
}

function checksum(body) {
  if (zlib.crc32) return zlib.crc32(body);
  let sum = 0xffffffff; // Node before 22.2 has none of its own
  for (const byte of body) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
