// Times the engine's work in WebAssembly, compiled as the explorer's bundle is. In the folder of the workspace:
//
//   RUSTFLAGS=-Ctarget-feature=+simd128 cargo build -p model --example wasm --profile bundle --target wasm32-unknown-unknown
//   node explorer/model/benches/wasm/run.mjs target/wasm32-unknown-unknown/bundle/examples/wasm.wasm

import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';

const ROUNDS = 15;
// In the order of TASKS in main.rs.
const TASKS = [
  'compile the text',
  'one central run, all variables',
  '1024 draws of net jobs, with bands',
  '1024 draws of all outcomes, with bands',
  'contributions of 12 levers to net jobs, exact',
  'contributions of 13 levers, 256 orders',
  'tornado of all parameters',
  'cheapest mix for 100,000 net jobs',
];

const module = await WebAssembly.compile(await readFile(argv[2]));
const { exports } = await WebAssembly.instantiate(module, {});
const times = TASKS.map(() => []);
// The first round compiles the program further while it runs; it does not count.
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [task] of TASKS.entries()) {
    const start = performance.now();
    exports.main(0, 0);
    if (round > 0) times[task].push(performance.now() - start);
  }
}
console.log(' '.repeat(48) + '    median       fastest');
for (const [task, name] of TASKS.entries()) {
  const sorted = times[task].sort((a, b) => a - b);
  const [median, fastest] = [sorted[ROUNDS >> 1], sorted[0]].map((time) => time.toFixed(3).padStart(10));
  console.log(`${name.padEnd(48)} ${median} ms ${fastest} ms`);
}
