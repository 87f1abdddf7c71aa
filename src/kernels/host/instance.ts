import { readFileSync } from 'node:fs';
import type { Kernels } from '../signatures.ts';
import { type WasmMemory, type WasmModule, wasm } from './webassembly.ts';

export type KernelName = keyof Kernels;

let compiled: WasmModule | undefined;

/** The kernels, compiled once per thread or taken over from another thread. */
export function kernelModule(): WasmModule {
  compiled ??= new wasm.Module(readFileSync(new URL('../kernels.wasm', import.meta.url)));
  return compiled;
}

/** A memory that the threads of one team share. */
export function teamMemory(): WasmMemory {
  return new wasm.Memory({ initial: 4, maximum: 65536, shared: true });
}

export function instantiate(module: WasmModule, memory: WasmMemory): Kernels {
  const instance = new wasm.Instance(module, { env: { memory } });
  return instance.exports as unknown as Kernels;
}

/** The kernel with number `index`: every thread derives the same numbering from the same module. */
export function kernelNames(module: WasmModule): KernelName[] {
  return wasm.Module.exports(module)
    .filter(({ kind }) => kind === 'function')
    .map(({ name }) => name as KernelName)
    .sort();
}
