// What llama.cpp answers, greedily: to compare with `diecast generate MODEL --prompt PROMPT`.
//   npm install node-llama-cpp@3.22.1 && node llama_greedy.mjs MODEL.gguf PROMPT...
import { getLlama } from "node-llama-cpp";

const MOST_TOKENS = 240;
const [, , path, ...prompts] = process.argv;
const llama = await getLlama({ gpu: false, build: "never", logLevel: "warn", maxThreads: 2 });
const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
for (const prompt of prompts) {
  const context = await model.createContext({ contextSize: 512, threads: 2 });
  const tokens = [];
  for await (const token of context.getSequence().evaluate(model.tokenize(prompt, true), { temperature: 0 })) {
    if (model.isEogToken(token) || tokens.length === MOST_TOKENS) break;
    tokens.push(token);
  }
  console.log(model.detokenize(tokens));
  await context.dispose();
}
process.exit(0);
