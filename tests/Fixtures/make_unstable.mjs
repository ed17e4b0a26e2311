// Makes unstable.json: the unstable tokens that the npm package tiktoken sees at the ends of texts. Run it as
//     node make_unstable.mjs FOLDER_OF_NODE_MODULES FOLDER_OF_DATA
// See README.md for what the file holds. A second run writes the same bytes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, data] = process.argv.slice(2);
const require = createRequire(join(modules, "tiktoken", "package.json"));
const { get_encoding } = require("tiktoken");

const chosen = [
  "", "a", " ", "  ", "\n", "\n\n", "\n ", " \n", "   \n  ", "\t", "hello", "hello fanta", "hello ", "hello  ", "hello world!", ".DefaultCellSta",
  "Here's a tagline for an ice cream shop: ", "it'", "it'l", "12", "1234", " 12", "안녕", "안", "é", "日本", "😀", "👨‍👩‍👧", "if (x ==", "    ret", "\r\n",
  "://", "{\n", "x\u00a0", "don't", "DON'", "ǅ", "</", "!!!", "a<|endoftext|>", "<|endof", "<|endoftext|>b",
];
const shakespeare = readFileSync(join(data, "tinyshakespeare.txt"), "utf8");
const cuts = Array.from({ length: 60 }, (_, index) => {
  const end = 1000 + (index * 7919 + index * index * 13) % (shakespeare.length - 1000);
  return shakespeare.slice(end - 30, end);
}).filter(text => /\S$/.test(text)); // After white space nearly every token may follow: a few such texts are chosen above.

// 16 hexadecimal digits of the SHA-256 of: for each list the count of its ids and the ids, as int32, little-endian.
function hash(lists) {
  const digest = createHash("sha256");
  for (const ids of lists) {
    digest.update(Int32Array.of(ids.length));
    digest.update(new Uint8Array(Int32Array.from(ids).buffer));
  }
  return digest.digest("hex").slice(0, 16);
}

function compare(left, right) {
  for (let index = 0; index < left.length && index < right.length; index++) {
    if (left[index] !== right[index]) return left[index] - right[index];
  }
  return left.length - right.length;
}

const cases = [];
for (const name of ["gpt2", "cl100k_base", "o200k_base"]) {
  const encoding = get_encoding(name);
  for (const text of [...chosen, ...cuts]) {
    const [stable, found] = encoding.encode_with_unstable(text, "all");
    const completions = found.map(ids => Array.from(ids)).sort(compare);
    const entry = { encoding: name, text, stable: Array.from(stable), count: completions.length, hash: hash(completions) };
    if (completions.length <= 8) entry.completions = completions;
    cases.push(JSON.stringify(entry));
  }
  encoding.free();
}
const json = `{
"package": "tiktoken ${JSON.parse(readFileSync(join(modules, "tiktoken", "package.json"), "utf8")).version}",
"cases": [
${cases.join(",\n")}
]
}
`;
writeFileSync(fileURLToPath(new URL("unstable.json", import.meta.url)), json);
console.log(`${cases.length} cases, ${json.length} characters`);
