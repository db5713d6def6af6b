// What is done to a file: the same change for the same kind and number, on every machine.
import { random } from "#cube/random";

const signatures = [
  "TREE",
  "SNOD",
  "HEAP",
  "GCOL",
  "OHDR",
  "OCHK",
  "FRHP",
  "FHDB",
  "BTHD",
  "BTLF",
  "FADB",
  "FAHD",
  "EAHD",
  "EAIB",
  "\x89HDF",
];
const extremes = [
  0n,
  1n,
  2n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x10000n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  1n << 32n,
  (1n << 64n) - 1n,
  (1n << 64n) - 2n,
  1n << 30n,
  1000000007n,
];
const words = [
  "-1",
  "1e309",
  "NaN",
  "null",
  '""',
  "[]",
  "{}",
  "1e9",
  "99999999999999999999",
  "true",
  '"__proto__"',
  "0",
  "-0",
  "1e-320",
  '"\\u0000"',
  "0x10",
  ".",
  "..",
  "../../x",
  "&a",
  "*a",
  "<<: *a",
  "!!js/function",
  "\n",
  "\r",
  ",",
  ";",
  '"',
  "'",
  "\t",
  "\u2028",
  "\0",
  "\x1b[2J",
  "1,5",
  " ",
  "{",
  "}",
  "[",
  "]",
  ":",
  "=1+1",
  "constructor",
  "\ufeff",
  "é",
  "\ud800",
];

/** Places in an HDF5 file where its structure stands: signatures, and headers of version 1, which have none. */
function structureOf(bytes) {
  const places = [];
  for (const word of signatures) {
    for (let at = bytes.indexOf(word, 0, "latin1"); at >= 0; at = bytes.indexOf(word, at + 1, "latin1"))
      places.push(at);
  }
  for (let at = 0; at + 16 < bytes.length; at += 8) {
    const [version, , , more] = bytes.subarray(at, at + 4);
    const size = bytes.readUInt32LE(at + 8);
    if (version === 1 && more === 0 && bytes.readUInt32LE(at + 4) === 1 && size > 0 && size < 4096) places.push(at);
  }
  return places;
}

/** Addresses that stand in a file: eight bytes that name a place of structure. */
function pointersTo(bytes, places) {
  const known = new Set(places);
  const found = [];
  for (let at = 0; at + 8 <= bytes.length; at += 1) {
    if (bytes[at + 7] === 0 && bytes.readUInt32LE(at + 4) === 0 && known.has(bytes.readUInt32LE(at))) found.push(at);
  }
  return found;
}

/** Change the bytes of a seed: bits, bytes, lengths, pointers, splices, cuts. */
export function bytesMutator(seed) {
  const places = structureOf(seed);
  const pointers = pointersTo(seed, places);
  return (draw) => {
    let bytes = Buffer.from(seed);
    const anywhere = () => {
      const chance = draw.uniform();
      if (!places.length || chance < 0.2) return draw.integer(bytes.length);
      if (chance < 0.3) return draw.integer(Math.min(2048, bytes.length));
      const near = places[draw.integer(places.length)] + Math.floor(draw.uniform() * draw.uniform() * 600);
      return Math.min(bytes.length - 1, near);
    };
    for (let k = Math.floor(draw.uniform() ** 2 * 6); k >= 0 && bytes.length > 16; k--) {
      const kind = draw.uniform();
      const at = anywhere();
      if (kind < 0.25) bytes[at] ^= 1 << draw.integer(8);
      else if (kind < 0.4) bytes[at] = draw.integer(256);
      else if (kind < 0.68) {
        const width = [1, 2, 4, 8][draw.integer(4)];
        const from = Math.max(0, Math.min(bytes.length - 8, at & ~(width - 1)));
        const near = bytes.readBigUInt64LE(from) + BigInt(draw.integer(9) - 4);
        let value = draw.uniform() < 0.25 ? BigInt.asUintN(64, near) : extremes[draw.integer(extremes.length)];
        for (let i = 0; i < width; i++, value >>= 8n) bytes[from + i] = Number(value & 255n);
      } else if (kind < 0.82 && pointers.length > 1) {
        const [from, to] = [pointers[draw.integer(pointers.length)], pointers[draw.integer(pointers.length)]];
        if (from + 8 <= bytes.length && to + 8 <= bytes.length) bytes.copy(bytes, to, from, from + 8);
      } else if (kind < 0.94) {
        const from = anywhere();
        bytes.copy(bytes, at, from, Math.min(bytes.length, from + 1 + draw.integer(64)));
      } else bytes = bytes.subarray(0, draw.integer(bytes.length));
    }
    return bytes;
  };
}

/** Change the letters of a text: odd words in, stretches out, numbers into something else. */
export function textMutator(seed) {
  const whole = seed.toString("utf8");
  return (draw) => {
    let text = whole;
    for (let k = Math.floor(draw.uniform() ** 2 * 5); k >= 0; k--) {
      const at = draw.integer(text.length + 1);
      const word = words[draw.integer(words.length)];
      const kind = draw.uniform();
      if (kind < 0.35) text = text.slice(0, at) + word + text.slice(at + Math.floor(draw.uniform() ** 2 * 12));
      else if (kind < 0.6) {
        const number = /-?\d+(\.\d+)?(e[-+]?\d+)?/.exec(text.slice(at));
        if (number) text = text.slice(0, at + number.index) + word + text.slice(at + number.index + number[0].length);
      } else if (kind < 0.75) text = mixLines(text, draw);
      else if (kind < 0.9) text = mixCells(text, draw);
      else if (kind < 0.96)
        text = text.slice(0, at) + text.slice(draw.integer(text.length + 1)).slice(0, 200) + text.slice(at);
      else text = text.slice(0, at);
    }
    return Buffer.from(text);
  };
}

/** A line twice, gone, or in another's place. */
function mixLines(text, draw) {
  const lines = text.split("\n");
  const [a, b] = [draw.integer(lines.length), draw.integer(lines.length)];
  const kind = draw.integer(3);
  if (kind === 0) lines.splice(a, 1);
  else if (kind === 1) lines.splice(a, 0, lines[b]);
  else [lines[a], lines[b]] = [lines[b], lines[a]];
  return lines.join("\n");
}

/** A cell of a table gone, twice, empty, or something else; in one line or in all. */
function mixCells(text, draw) {
  const lines = text.split("\n");
  const of = draw.integer(lines.length);
  const cell = draw.integer(Math.max(1, lines[0].split(",").length));
  const kind = draw.integer(4);
  const word = words[draw.integer(words.length)];
  const all = draw.integer(2);
  const change = (line) => {
    const cells = line.split(",");
    if (kind === 0) cells.splice(cell, 1);
    else if (kind === 1) cells.splice(cell, 0, cells[cell] ?? "");
    else cells[cell] = kind === 2 ? "" : word;
    return cells.join(",");
  };
  return lines.map((line, i) => (all || i === of ? change(line) : line)).join("\n");
}

const odd = [
  null,
  true,
  -1,
  0,
  1e300,
  1.5,
  "",
  "x".repeat(5000),
  "__proto__",
  "\x1b[2J",
  [],
  {},
  [[]],
  Number.MAX_SAFE_INTEGER,
  "constructor",
];

/** Change a JSON document at one place or several: values of another kind, keys gone or twice, lists longer or shorter; or its letters. */
export function jsonMutator(seed) {
  const letters = textMutator(seed);
  return (draw) => {
    if (draw.uniform() < 0.35) return letters(draw);
    const document = JSON.parse(seed.toString("utf8"));
    for (let k = draw.integer(3); k >= 0; k--) {
      let node = document;
      for (let depth = 0; depth < 12; depth++) {
        const keys = Object.keys(node);
        if (!keys.length) break;
        const key = keys[draw.integer(keys.length)];
        const deeper = typeof node[key] === "object" && node[key] !== null;
        if (deeper && draw.uniform() < 0.8) {
          node = node[key];
          continue;
        }
        const kind = draw.integer(4);
        // A copy, for a later change may go into it.
        if (kind === 0) node[key] = structuredClone(odd[draw.integer(odd.length)]);
        else if (kind === 1) Array.isArray(node) ? node.splice(Number(key), 1) : delete node[key];
        else if (kind === 2)
          Array.isArray(node) ? node.push(node[key]) : Object.assign(node, { [`${key}x`]: node[key] });
        else node[key] = typeof node[key] === "number" ? -node[key] * 1e6 : keys[0];
        break;
      }
    }
    return Buffer.from(JSON.stringify(document));
  };
}

/** Input number `n` of a kind. */
export const drawOf = (kind, n) => random(`fuzz/${kind}/${n}`);
