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

// Record of a kernel machine's solver (kernels/assembly/svm-steps.ts), as indices of 64-bit floats.
export const SVM_ROWS = 0;
export const SVM_COLUMNS = 1;
export const SVM_KERNEL = 2;
export const SVM_GAMMA = 3;
export const SVM_COEF0 = 4;
export const SVM_DEGREE = 5;
export const SVM_PANELS = 6;
export const SVM_GRADIENT = 7;
export const SVM_UP = 8;
export const SVM_DOWN = 9;
export const SVM_BETA = 10;
export const SVM_LOW = 11;
export const SVM_HIGH = 12;
export const SVM_DIAGONAL = 13;
export const SVM_INDEX = 14;
export const SVM_GRAM_STRIDE = 15;
export const SVM_EPSILON = 16;
export const SVM_TOL = 17;
export const SVM_CACHE = 18;
export const SVM_ROW_BYTES = 19;
export const SVM_SLOT_OF = 20;
export const SVM_ROW_OF = 21;
export const SVM_NEWER = 22;
export const SVM_OLDER = 23;
export const SVM_NEWEST = 24;
export const SVM_OLDEST = 25;
export const SVM_RESULTS = 26;
export const SVM_SCRATCH = 27;
export const SVM_ITERATIONS = 28;
export const SVM_DONE = 29;
export const SVM_LEAST_UP = 30;
export const SVM_MOST_DOWN = 31;
export const SVM_FIRST_SLOT = 32;
export const SVM_SECOND_SLOT = 33;
export const SVM_MISSED = 34;
export const SVM_STEP = 35;
export const SVM_MISSES = 36;
export const SVM_SQUARES = 37;
export const SVM_WIDE = 38;
export const SVM_SIZE = 39;
/** Kinds of kernels, the values of SVM_KERNEL. */
export const KERNEL_LINEAR = 0;
export const KERNEL_POLY = 1;
export const KERNEL_RBF = 2;
export const KERNEL_SIGMOID = 3;
export const KERNEL_PRECOMPUTED = 4;

// Record of what all searches for splits have in common (kernels/assembly/tree-split.ts), as indices of 64-bit floats.
export const SPLITS_BINS = 0;
export const SPLITS_STRIDE = 1;
export const SPLITS_COLUMNS = 2;
export const SPLITS_OFFSETS = 3;
export const SPLITS_VALUE_BINS = 4;
export const SPLITS_SCRATCH = 5;
export const SPLITS_L1 = 6;
export const SPLITS_L2 = 7;
export const SPLITS_MIN_ROWS = 8;
export const SPLITS_MIN_HESSIAN = 9;
export const SPLITS_MONOTONE = 10;
export const SPLITS_SIZE = 11;

// Record of a search for the split of a node, as indices of 64-bit floats: its histogram, the one to take away from it or 0, the bytes of the columns
// that it may ask for or 0, Σ gradient, Σ hessian, rows, bounds of the leaves below, and where the splits go.
export const SEARCH_HISTOGRAM = 0;
export const SEARCH_SIBLING = 1;
export const SEARCH_ALLOWED = 2;
export const SEARCH_GRADIENT = 3;
export const SEARCH_HESSIAN = 4;
export const SEARCH_ROWS = 5;
export const SEARCH_LOWER = 6;
export const SEARCH_UPPER = 7;
export const SEARCH_OUT = 8;
export const SEARCH_SIZE = 9;
/** Numbers that a search writes for each column. */
export const SPLIT_SIZE = 5;
/**
 * Scores of splits nearer than this share (2^-22) are equal, and the first wins. Gradients are float32, so scores are true to about half of
 * it, and rounding must not choose, as when all weights are in another unit.
 */
export const SPLIT_TIE = 2.384185791015625e-7;
