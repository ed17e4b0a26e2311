// Makes tiktoken.json: what the npm package tiktoken gives, for the tests of splitting and of ids. Run it as
//     node make_tiktoken.mjs FOLDER_OF_NODE_MODULES FOLDER_OF_DATA
// See README.md for what the file holds. A second run writes the same bytes.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, data] = process.argv.slice(2);
const require = createRequire(join(modules, "tiktoken", "package.json"));
const { Tiktoken, get_encoding } = require("tiktoken");

// What random strings are made of: an item is a text or a range of code points.
const kinds = [
  ["lower", 1, 8, [[0x61, 0x7a]]],
  ["upper", 1, 4, [[0x41, 0x5a]]],
  ["title", 1, 1, ["The", "Hello", "iPhone", "McDonald", "HTTPServer", "x", "A", "I", "é", "É", "naïve",
    "Ǆ", "ǅ", "ǆ", "ᾈ", "ﬃ"]],
  ["space", 1, 1, [" "]],
  ["spaces", 1, 6, [" ", " ", " ", "\t"]],
  ["lines", 1, 3, ["\n", "\n", "\r\n", "\r", " \n", "\n ", "\n\n", "\t\n"]],
  ["white space", 1, 3, [[0x09, 0x0d], " ", "\u0085", "\u00a0", "\u1680", [0x2000, 0x200a],
    "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"]],
  ["no space", 1, 2, [[0x1c, 0x1f], "\u180e", [0x200b, 0x200f], "\u2060", "\ufeff", "\u00ad"]],
  ["contraction", 1, 1, ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'T", "'RE", "'Ve", "'M", "'lL", "'D",
    "'ſ", "’s", "’ll", "ʼt", "＇re", "'", "''", "'l", "'v", "'r", "'K", "'ım", "'st", "'LLs"]],
  ["digits", 1, 7, [[0x30, 0x39]]],
  ["numbers", 1, 4, [[0x0660, 0x0669], [0x0966, 0x096f], [0xff10, 0xff19], [0x2160, 0x2188], [0x2460, 0x249b], [0x00b2, 0x00b3],
    [0x00bc, 0x00be], [0x3021, 0x3029], [0x1d7ce, 0x1d7ff], [0x1f100, 0x1f10c], [0x10107, 0x10133], [0x12400, 0x1246e]]],
  ["punctuation", 1, 4, [[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]]],
  ["paths", 1, 3, ["/", "//", "/\n", "\r/", "./", "\n/"]],
  ["symbols", 1, 3, [[0x00a1, 0x00bf], [0x2010, 0x2027], [0x20a0, 0x20bf], [0x2190, 0x21ff], [0x3001, 0x3020], [0xff01, 0xff0f]]],
  ["latin", 1, 5, [[0x00c0, 0x024f], [0x1e00, 0x1eff]]],
  ["greek", 1, 5, [[0x0386, 0x03ff], [0x1f00, 0x1ffe]]],
  ["cyrillic", 1, 6, [[0x0400, 0x052f]]],
  ["scripts", 1, 4, [[0x0531, 0x058f], [0x05d0, 0x05ea], [0x0620, 0x064a], [0x0904, 0x0939], [0x0e01, 0x0e4e], [0x10a0, 0x10ff],
    [0x1100, 0x11ff], [0x13a0, 0x13f5], [0x1c90, 0x1cbf], [0xab70, 0xabbf]]],
  ["east asia", 1, 4, [[0x3041, 0x30ff], [0x4e00, 0x9fff], [0xac00, 0xd7a3], [0x20000, 0x2a6df]]],
  ["caseless", 1, 3, [[0x02b0, 0x02c1], "ª", "º", "ـ", "ー", "々", "ʰ", [0x1d2c, 0x1d6a]]],
  ["beyond", 1, 3, [[0x10400, 0x1044f], [0x1d400, 0x1d7cb], [0x1e900, 0x1e943], [0x104b0, 0x104fb], [0x10c80, 0x10cf2]]],
  ["marks", 1, 2, [[0x0300, 0x036f], [0x064b, 0x065f], [0x0900, 0x0903], [0x093e, 0x094d], [0x20d0, 0x20f0], [0xfe00, 0xfe0f],
    [0x1d165, 0x1d169], [0xe0100, 0xe01ef]]],
  ["emoji", 1, 2, [[0x1f300, 0x1f64f], [0x1f680, 0x1f6ff], [0x1f900, 0x1f9ff], "❤️", "👨‍👩‍👧", "👍🏽", "🇳🇴", "1️⃣"]],
  ["controls", 1, 2, [[0x00, 0x1f], [0x7f, 0x9f]]],
  ["edges", 1, 2, ["\ud7ff", "\ue000", "\uf8ff", "\ufdd0", "\ufffd", "\ufffe", "\uffff",
    "\u{10000}", "\u{1ffff}", "\u{e0001}", "\u{f0000}",
    "\u{10fffe}", "\u{10ffff}"]],
  ["any", 1, 1, [[0x00, 0xd7ff], [0xe000, 0xffff], [0x10000, 0x3ffff], [0x40000, 0x10ffff]]],
].map(([name, least, most, items]) => ({ name, least, most, items }));

// Marsaglia's xorshift of 32 bits; the seed is not 0, and is spread over all bits first.
function randomText(seed) {
  let state = Math.imul(seed, 0x9e3779b9);
  const next = bound => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
  let text = "";
  for (let pieces = next(16); pieces >= 0; pieces--) {
    const kind = kinds[next(kinds.length)];
    for (let count = kind.least + next(kind.most - kind.least + 1); count > 0; count--) {
      const item = kind.items[next(kind.items.length)];
      text += typeof item === "string" ? item : String.fromCodePoint(item[0] + next(item[1] - item[0] + 1));
    }
  }
  return text;
}

// 16 hexadecimal digits of the SHA-256 of: for each text the count of its ids and the ids, as int32, little-endian.
function hash(lists) {
  const digest = createHash("sha256");
  for (const ids of lists) {
    digest.update(Int32Array.of(ids.length));
    digest.update(new Uint8Array(Int32Array.from(ids).buffer));
  }
  return digest.digest("hex").slice(0, 16);
}

// All code points that a one-character pattern matches, as [first, last, first, last, ...]: tiktoken leaves out of its ids
// what the pattern does not match, and here ids are bytes.
function members(pattern) {
  const ranks = "! 0 " + Array.from({ length: 256 }, (_, value) => Buffer.from([value]).toString("base64")).join(" ");
  const bytes = new Tiktoken(ranks, {}, pattern);
  const ranges = [];
  for (let first = 0; first < 0x110000; first += 0x400) {
    if (first >= 0xd800 && first < 0xe000) continue;
    const all = String.fromCodePoint(...Array.from({ length: 0x400 }, (_, offset) => first + offset));
    for (const match of Buffer.from(bytes.encode_ordinary(all)).toString("utf8")) {
      const codePoint = match.codePointAt(0);
      if (ranges.at(-1) === codePoint - 1) ranges[ranges.length - 1] = codePoint;
      else ranges.push(codePoint, codePoint);
    }
  }
  bytes.free();
  return ranges;
}

const quoted = JSON.parse(readFileSync(fileURLToPath(new URL("tiktoken_quoted.json", import.meta.url)), "utf8"));
const files = ["README.md", "cl100k_base.tiktoken", "encoder.json", "gpt2_tokenizer.json", "hellaswag_val_subset1000.jsonl",
  "names.txt",
  "o200k_base.tiktoken", "taylorswift.txt", "tinyshakespeare.txt", "vocab.bpe"];
const blocks = 1000, perBlock = 100, full = 1000;
const seedOf = index => index + 1;

const allTexts = Array.from({ length: blocks * perBlock }, (_, index) => randomText(seedOf(index))).join("");

const encodings = {};
for (const name of ["gpt2", "cl100k_base", "o200k_base"]) {
  const encoding = get_encoding(name);
  const encode = text => encoding.encode_ordinary(text);
  const joined = encode(allTexts);
  encodings[name] = {
    quoted: quoted.map(text => [...encode(text)]),
    random: Array.from({ length: full }, (_, index) => [...encode(randomText(seedOf(index)))]),
    hashes: Array.from({ length: blocks }, (_, block) =>
      hash(Array.from({ length: perBlock }, (_, index) => encode(randomText(seedOf(block * perBlock + index)))))),
    joined: { count: joined.length, hash: hash([joined]) },
    files: Object.fromEntries(files.filter(file => existsSync(join(data, file))).map(file => {
      const ids = encode(readFileSync(join(data, file), "utf8"));
      return [file, { count: ids.length, hash: hash([ids]) }];
    })),
  };
  encoding.free();
}

const sets = Object.fromEntries(["\\p{L}", "\\p{Lu}", "\\p{Lt}", "\\p{Ll}", "\\p{Lm}", "\\p{Lo}", "\\p{M}", "\\p{N}",
  "\\s", "\\d", "\\w",
  "\\p{Han}", "\\p{Hiragana}", "\\p{Katakana}", "\\p{Hangul}", "\\p{Latin}", "\\p{Greek}", "\\p{Cyrillic}", "\\p{Arabic}",
  "\\p{Hebrew}", "\\p{Thai}", "\\p{Devanagari}", "\\P{Nd}", "[\\p{P}\\p{S}]", "[\\p{Z}\\p{Cc}\\p{Cf}]", "\\p{Co}",
  "(?i:s)", "(?i:k)", "(?i:i)", "(?i:[a-z])", "(?i:\\p{Lu})", "(?i:\\p{Lt})"].map(pattern => [pattern, members(pattern)]));

// One line for each entry, so that a change can be seen.
const lines = value => Array.isArray(value)
  ? `[\n${value.map(entry => JSON.stringify(entry)).join(",\n")}\n]`
  : `{\n${Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${JSON.stringify(entry)}`).join(",\n")}\n}`;
const json = `{
"package": "tiktoken ${JSON.parse(readFileSync(join(modules, "tiktoken", "package.json"), "utf8")).version}",
"kinds": ${lines(kinds)},
"quoted": ${lines(quoted)},
"random": ${lines(Array.from({ length: full }, (_, index) => randomText(seedOf(index))))},
"sets": ${lines(sets)},
"encodings": {
${Object.entries(encodings).map(([name, { quoted, random, hashes, joined, files }]) => `"${name}": {
"quoted": ${lines(quoted)},
"random": ${lines(random)},
"hashes": ${JSON.stringify(hashes)},
"joined": ${JSON.stringify(joined)},
"files": ${lines(files)}
}`).join(",\n")}
}
}
`;
writeFileSync(fileURLToPath(new URL("tiktoken.json", import.meta.url)), json);
console.log(`${json.length} characters`);
