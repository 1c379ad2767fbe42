/** The logo as `favicon.ico`, drawn from the same shape as in the pages. */

const SIZE = 32;
/** Samples along each side of a pixel. */
const SAMPLES = 4;
const COLOUR = [0x0c, 0x41, 0xc2];

/** One blade of the logo: up from the middle, a curve to the right, and back. */
const BLADE = [[16, 16], [16, 3], ...curve([16, 3], [22, 3], [26, 8], [26, 11])] as const;

type Point = readonly [number, number];

function curve(a: Point, b: Point, c: Point, d: Point): Point[] {
  return Array.from({ length: 12 }, (_, at): Point => {
    const t = (at + 1) / 12;
    const u = 1 - t;
    const mix = (i: 0 | 1) => u ** 3 * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t ** 3 * d[i];
    return [mix(0), mix(1)];
  });
}

/** Whether one of the four rotated blades covers a point. */
function isCovered(x: number, y: number): boolean {
  let [dx, dy] = [x - SIZE / 2, y - SIZE / 2];
  for (let turn = 0; turn < 4; turn++) {
    if (isInside(dx + SIZE / 2, dy + SIZE / 2)) return true;
    [dx, dy] = [dy, -dx];
  }
  return false;
}

/** The bounding box of the blade: most points are outside of it. */
const [LEFT, TOP, RIGHT, BOTTOM] = [16, 3, 26, 16];

/** Counts the edges that a ray to the right crosses. */
function isInside(x: number, y: number): boolean {
  if (x < LEFT || x > RIGHT || y < TOP || y > BOTTOM) return false;
  let inside = false;
  for (const [at, [x1, y1]] of BLADE.entries()) {
    const [x2, y2] = BLADE[(at + 1) % BLADE.length]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** An ICO with one bitmap of 32 bits per pixel, from the bottom row up, and an empty mask. */
export function favicon(): ArrayBuffer {
  const pixels = SIZE * SIZE * 4;
  const mask = (SIZE * SIZE) / 8;
  const header = 6 + 16;
  const bytes = new Uint8Array(header + 40 + pixels + mask);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, 1, true);
  view.setUint16(4, 1, true);
  bytes[6] = SIZE;
  bytes[7] = SIZE;
  view.setUint16(10, 1, true);
  view.setUint16(12, 32, true);
  view.setUint32(14, 40 + pixels + mask, true);
  view.setUint32(18, header, true);
  view.setUint32(header, 40, true);
  view.setInt32(header + 4, SIZE, true);
  view.setInt32(header + 8, SIZE * 2, true);
  view.setUint16(header + 12, 1, true);
  view.setUint16(header + 14, 32, true);
  view.setUint32(header + 20, pixels + mask, true);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      let covered = 0;
      for (let i = 0; i < SAMPLES ** 2; i++) {
        const [sx, sy] = [(i % SAMPLES) + 0.5, Math.floor(i / SAMPLES) + 0.5];
        if (isCovered(x + sx / SAMPLES, y + sy / SAMPLES)) covered++;
      }
      const at = header + 40 + ((SIZE - 1 - y) * SIZE + x) * 4;
      bytes.set([...COLOUR, Math.round((covered / SAMPLES ** 2) * 255)], at);
    }
  }
  return bytes.buffer;
}
