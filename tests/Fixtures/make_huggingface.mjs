// Makes huggingface.json: the ids that Hugging Face's library gives with the files of huggingface/, which this library wrote.
//     node make_huggingface.mjs FOLDER_OF_NODE_MODULES
// See README.md for what the file holds. A second run writes the same bytes.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(join(process.argv[2], "tokenizers", "package.json"));
const { Tokenizer } = require("tokenizers");
const here = name => fileURLToPath(new URL(name, import.meta.url));
const read = name => JSON.parse(readFileSync(here(name), "utf8"));

const texts = [...read("tiktoken_quoted.json"), ...read("tiktoken.json").random.slice(0, 60),
  "the other<|endoftext|>brother <|endoftext|>", "<|endoftext", "two words", " two words, and é", "thitherthen\u00a0weathering  \n\n winters"];

const ids = [];
for (const name of readdirSync(here("huggingface")).sort()) {
  const tokenizer = Tokenizer.fromFile(here(`huggingface/${name}`));
  for (const [index, text] of texts.entries()) {
    const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
    ids.push(JSON.stringify({ file: name, text: index, ids: [...encoding.getIds()] }));
  }
}
const json = `{
"package": "tokenizers ${JSON.parse(readFileSync(join(process.argv[2], "tokenizers", "package.json"), "utf8")).version}",
"texts": [
${texts.map(text => JSON.stringify(text)).join(",\n")}
],
"cases": [
${ids.join(",\n")}
]
}
`;
writeFileSync(here("huggingface.json"), json);
console.log(`${ids.length} cases, ${json.length} characters`);
