// Times the npm packages tiktoken and gpt-tokenizer on text files, for
// `dotnet run -c Release --project bench/Nabla.Benchmarks -- tokenizer encode --node-modules FOLDER`.
// Arguments: the node_modules folder, the encoding, the folder of the texts. One line of JSON for each package and text.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'

const [modules, encoding, folder] = process.argv.slice(2)
const require = createRequire(join(resolve(modules), 'none.js'))
const tiktoken = require('tiktoken').get_encoding(encoding)
const gptTokenizer = require(`gpt-tokenizer/encoding/${encoding}`)
const tools = {
  tiktoken: text => tiktoken.encode(text, [], []),
  'gpt-tokenizer': text => gptTokenizer.encode(text, { disallowedSpecial: new Set() }),
}

const secondsPerText = 2

for (const file of readdirSync(folder).filter(name => name.endsWith('.txt'))) {
  const bytes = readFileSync(join(folder, file))
  const text = bytes.toString('utf8')
  for (const [tool, encode] of Object.entries(tools)) {
    let ids = encode(text).length
    const seconds = []
    const begin = performance.now()
    while (seconds.length < 3 || performance.now() - begin < secondsPerText * 1000) {
      const start = performance.now()
      ids = encode(text).length
      seconds.push((performance.now() - start) / 1000)
    }
    seconds.sort((a, b) => a - b)
    const median = seconds[seconds.length >> 1]
    console.log(JSON.stringify({ tool, text: basename(file, '.txt'), megabytesPerSecond: bytes.length / 1e6 / median, ids }))
  }
}
