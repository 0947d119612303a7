// Whether Diecast and llama.cpp say the same, greedily, to the prompts of greedy_prompts.json.
//   npm install --no-save node-llama-cpp@3.22.1 && node compare_greedy.mjs MODEL.gguf [KIND]...
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { getLlama } from "node-llama-cpp";

const MOST_TOKENS = 240;
const RAW = ["beginnings of stories", "stories half told", "not made for"]; // The others are questions.
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const diecast = process.env.DIECAST ?? beside("../../diecast");
const kinds = JSON.parse(readFileSync(beside("greedy_prompts.json"), "utf8"));
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: 2 });

const chat = (question) => `[gMASK]<sop><|user|>\n${question}<|assistant|>\n`;

async function llamaSays(model, prompt) {
  const context = await model.createContext({ contextSize: 512, threads: 2 });
  const given = model.tokenize(prompt, true);
  const tokens = [];
  for await (const token of context.getSequence().evaluate(given, { temperature: 0 })) {
    if (model.isEogToken(token) || tokens.length === MOST_TOKENS) break;
    tokens.push(token);
  }
  await context.dispose();
  return model.detokenize(tokens);
}

function diecastSays(path, prompt) {
  const options = ["--prompt", prompt, "--max-tokens", MOST_TOKENS, "--device", "cpu"];
  return execFileSync(diecast, ["generate", path, ...options], { encoding: "utf8" });
}

function alike(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}

async function compare(path, chosen) {
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
  for (const kind of chosen) {
    const prompts = kinds[kind];
    let same = 0;
    for (const text of prompts) {
      const prompt = RAW.includes(kind) ? text : chat(text);
      const ours = diecastSays(path, prompt).trimEnd();
      const theirs = (await llamaSays(model, prompt)).trimEnd();
      if (ours === theirs) {
        same++;
        continue;
      }
      const both = alike(ours, theirs);
      console.log(`  ${text} ... ${both}`);
      console.log(`    diecast:   ${ours.slice(both.length)}\n    llama.cpp: ${theirs.slice(both.length)}`);
    }
    console.log(`${basename(path)}, ${kind}: ${same} of ${prompts.length} the same`);
  }
}

const [, , path, ...chosen] = process.argv;
await compare(path, chosen.length ? chosen : Object.keys(kinds));
process.exit(0);
