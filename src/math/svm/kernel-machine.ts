import { andThen, type Eventually } from '../../core/eventually.ts';
import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { Team } from '../../kernels/host/team.ts';
import type { Workers } from '../least-squares-problem.ts';
import type { KernelFunction } from './kernel-function.ts';
import { type PlacedSums, placeSums, type Segment, sumKernels } from './kernel-sums.ts';
import { centred } from './points.ts';
import { callUserKernel, type UserKernel } from './user-kernel.ts';

/**
 * What a fitted kernel machine computes with: outputs Σ_s coef_s k(x, s) + intercept. Plain data, part of a model's
 * state.
 */
export interface KernelMachine {
  /** `precomputed` also where the values come from a function of the user's. */
  readonly kernel: KernelFunction;
  /** Columns of the table; with a precomputed kernel its training rows. */
  readonly columns: number;
  /** Subtracted from each column before the kernel. */
  readonly center: Float64Array;
  /** Training rows that are support vectors. */
  readonly support: Int32Array;
  /** Their values, row-major; empty with a precomputed kernel. */
  readonly supportVectors: Float64Array;
  readonly coefs: Float64Array;
  /** Quadruples output, place, first, last: see {@link Segment}. */
  readonly segments: Int32Array;
  /** One an output. */
  readonly intercept: Float64Array;
}

/** Rows up to which outputs are computed at once, on the caller's thread, by kernels that keep the support vectors. */
const QUICK_ROWS = 4;

/** The outputs of each row of `x`, rows × outputs. Rows do not depend on each other, to the bit. */
export function machineOutputs(
  workers: Workers,
  machine: KernelMachine,
  x: Matrix,
  user?: UserKernel,
): Eventually<Float64Array> {
  if (user !== undefined) {
    const vectors = new Matrix({
      rows: machine.support.length,
      columns: machine.columns,
      data: machine.supportVectors,
    });
    return andThen(callUserKernel(user, x, vectors), (values) =>
      weighValues(machine, values, x.rows, vectors.rows, (s) => s),
    );
  }
  if (machine.kernel.name === 'precomputed') {
    return weighValues(machine, x.data, x.rows, x.columns, (s) => machine.support[s]!);
  }
  const asked = centred(x.data, machine.center);
  if (x.rows <= QUICK_ROWS) {
    const { team, placed } = residentOf(machine);
    return withIntercepts(machine, sumKernels({ team, checkpoint: () => {} }, placed, asked));
  }
  const { arena } = workers.team;
  return arena.scope(() =>
    withIntercepts(machine, sumKernels(workers, placeSums(arena, sumsOf(machine)), asked)),
  );
}

function withIntercepts({ intercept }: KernelMachine, sums: Float64Array): Float64Array {
  const out = sharedArray(Float64Array, sums.length);
  for (let i = 0; i < sums.length; i++) out[i] = sums[i]! + intercept[i % intercept.length]!;
  return out;
}

function sumsOf(machine: KernelMachine) {
  const { kernel, columns, center, support, supportVectors, coefs, intercept } = machine;
  return {
    ...{ kernel, columns, coefs, outputs: intercept.length, segments: segmentsOf(machine) },
    data: centred(supportVectors, center),
    rows: Int32Array.from(support.keys()),
  };
}

function segmentsOf({ segments }: KernelMachine): Segment[] {
  return Array.from({ length: segments.length / 4 }, (_, i) => {
    const [output, place, first, last] = segments.subarray(4 * i, 4 * i + 4) as unknown as number[];
    return { output: output!, place: place!, first: first!, last: last! };
  });
}

interface Resident {
  readonly team: Team;
  readonly placed: PlacedSums;
}

/**
 * Kernel memories that hold the support vectors of machines asked about single rows. They go when their machines go.
 */
const residents = new WeakMap<KernelMachine, Resident>();

function residentOf(machine: KernelMachine): Resident {
  const known = residents.get(machine);
  if (known !== undefined) return known;
  const team = new Team(1);
  const resident = { team, placed: placeSums(team.arena, sumsOf(machine)) };
  residents.set(machine, resident);
  return resident;
}

/** The outputs from kernel values, `width` of them a row; `column` says where those with support vector s are. */
function weighValues(
  machine: KernelMachine,
  values: Float64Array,
  rows: number,
  width: number,
  column: (s: number) => number,
): Float64Array {
  const { coefs, intercept } = machine;
  const outputs = intercept.length;
  const segments = segmentsOf(machine);
  const out = sharedArray(Float64Array, rows * outputs);
  for (let i = 0; i < rows; i++) {
    out.set(intercept, i * outputs);
    for (const { output, place, first, last } of segments) {
      let sum = 0;
      for (let s = first; s < last; s++) sum += coefs[place + s - first]! * values[i * width + column(s)]!;
      out[i * outputs + output]! += sum;
    }
  }
  return out;
}
