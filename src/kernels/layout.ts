// Layout of the low memory shared by all threads of a team. Compiled by both TypeScript and AssemblyScript, so: only
// untyped integer constants.

/** Control words, as indices of 32-bit integers. */
export const EPOCH = 0;
export const COMMAND = 1;
export const PENDING = 2;
export const FAILED = 3;
export const BARRIER_COUNT = 4;
export const BARRIER_PHASE = 5;
export const ARGUMENT_COUNT = 6;

/** Byte offset of the arguments of the current command, 64-bit floats. */
export const ARGUMENTS = 64;
export const MAX_ARGUMENTS = 32;

/** Byte offset where AssemblyScript's constants begin; below it lies the control block. */
export const STATIC_BASE = 1024;
/** Byte offset where the arena begins. */
export const ARENA_BASE = 131072;
