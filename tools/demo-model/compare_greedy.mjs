// Whether Diecast and llama.cpp say the same, greedily, to the prompts of greedy_prompts.json.
//   npm install --no-save node-llama-cpp@3.22.1 && node compare_greedy.mjs MODEL.gguf [KIND]...
// Exit codes: 0 all the same, 1 some differ, 2 usage, 3 unusable model, 4 something is not installed.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const MOST_TOKENS = 240;
const THREADS = 1; // Of llama.cpp: on a busy machine two wait for each other far longer than they compute.
const RAW = ["beginnings of stories", "stories half told", "not made for"]; // The others are questions.
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const kinds = JSON.parse(readFileSync(beside("greedy_prompts.json"), "utf8"));

function fail(code, message) {
  console.error(`compare_greedy: error: ${message}`);
  process.exit(code);
}

function checkArguments(path, chosen) {
  if (!path) fail(2, "no model given: node compare_greedy.mjs MODEL.gguf [KIND]...");
  const unknown = chosen.find((kind) => !Object.hasOwn(kinds, kind));
  if (unknown !== undefined) {
    fail(2, `no kind "${unknown}"; there are "${Object.keys(kinds).join('", "')}"`);
  }
  if (!existsSync(path)) fail(3, `${path}: no such file`);
}

async function openLlama() {
  try {
    const { getLlama } = await import("node-llama-cpp");
    return await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: THREADS });
  } catch (e) {
    if (e.code !== "ERR_MODULE_NOT_FOUND") fail(4, `llama.cpp does not start: ${e.message}`);
    fail(4, `node-llama-cpp is missing: cd ${beside(".")} && npm install --no-save node-llama-cpp@3.22.1`);
  }
}

const loadInto = (llama, path) =>
  llama.loadModel({ modelPath: path, gpuLayers: 0 }).catch((e) => fail(3, `${path}: llama.cpp: ${e.message}`));

/** The java that ./diecast takes, once it has built what is missing or stale. */
function builtJava() {
  try {
    execFileSync(beside("../../diecast"), ["version"], { stdio: ["ignore", "ignore", "inherit"] });
    const find = '. ./find-jdk.sh && find_jdk && echo "$jdk/bin/java"';
    return execFileSync("sh", ["-c", find], { cwd: beside("../launcher"), encoding: "utf8" }).trim();
  } catch {
    fail(4, "./diecast does not start");
  }
}

/** What Diecast says to each prompt: all of them in one JVM, which takes seconds to get fast. */
function diecastSays(path, prompts) {
  const module = (name) => `dev.diecast.${name}`;
  const run = spawnSync(
    builtJava(),
    [
      "--module-path=" + beside("../target/lib"),
      "--add-modules=" + ["jdk.incubator.vector", module("capture"), module("replay")].join(),
      "--enable-native-access=" + ["bindings", "kernels", "plans", "replay"].map(module).join(),
      "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0", // as tools/launcher/jvm.sh
      beside("Greedy.java"), path, MOST_TOKENS,
    ],
    { encoding: "utf8", input: prompts.map((prompt) => prompt + "\0").join(""), maxBuffer: 1 << 26 },
  );
  const reasons = run.stderr.split("\n").filter((line) => !line.startsWith("WARNING:"));
  if (run.status !== 0) fail(3, `Diecast: ${reasons[0]}`);
  return run.stdout.split("\0").slice(0, -1);
}

async function llamaSays(model, prompt) {
  const context = await model.createContext({ contextSize: 512, threads: THREADS });
  const given = model.tokenize(prompt, true);
  const tokens = [];
  for await (const token of context.getSequence().evaluate(given, { temperature: 0 })) {
    if (model.isEogToken(token) || tokens.length === MOST_TOKENS) break;
    tokens.push(token);
  }
  await context.dispose();
  return model.detokenize(tokens);
}

function alike(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}

function printDifference(text, ours, theirs) {
  const both = alike(ours, theirs);
  console.log(`  ${text} ... ${both}`);
  console.log(`    diecast:   ${ours.slice(both.length)}\n    llama.cpp: ${theirs.slice(both.length)}`);
}

const chat = (question) => `[gMASK]<sop><|user|>\n${question}<|assistant|>\n`;
const promptOf = (kind, text) => (RAW.includes(kind) ? text : chat(text));

/** Prints what differs in one kind of prompts, and returns how many do. */
async function compare(name, model, kind, said) {
  let same = 0;
  for (const text of kinds[kind]) {
    const ours = said.shift().trimEnd();
    const theirs = (await llamaSays(model, promptOf(kind, text))).trimEnd();
    if (ours === theirs) same++;
    else printDifference(text, ours, theirs);
  }
  console.log(`${name}, ${kind}: ${same} of ${kinds[kind].length} the same`);
  return kinds[kind].length - same;
}

const [path, ...named] = process.argv.slice(2);
checkArguments(path, named);
const chosen = named.length ? named : Object.keys(kinds);
const model = await loadInto(await openLlama(), path);
const said = diecastSays(path, chosen.flatMap((kind) => kinds[kind].map((text) => promptOf(kind, text))));
let differ = 0;
for (const kind of chosen) differ += await compare(basename(path), model, kind, said);
process.exit(differ ? 1 : 0);
