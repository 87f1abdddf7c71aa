import { type Network, networkParameters } from '../network.ts';
import { networkOperations, productRows } from '../predict/network-operations.ts';

/** Operations and rows that a shard has at least. */
interface LeastShard {
  readonly operations: number;
  readonly rows: number;
  /** Rows of products, where one example is many, as a sequence is. */
  readonly productRows: number;
}

/** Two halves: on one thread they take up to a fifth longer than the whole, on two 0.6 of its time. */
const leastHalf: LeastShard = { operations: 16e6, rows: 16, productRows: 192 };
/** More parts, and parts of which batch norm takes its statistics. */
const leastPart: LeastShard = { operations: 64e6, rows: 32, productRows: 384 };
const MOST_SHARDS = 4;

/** Into how many parts a batch is divided unless it is said: by the work of a batch, never by the threads, on which results may not depend. */
export function defaultShards(network: Network, batchRows: number): number {
  // Forward once, and backward twice as much.
  const operations = 3 * networkOperations(network) * batchRows;
  const parts = ({ operations: least, rows, productRows: products }: LeastShard) => {
    const byRows = Math.floor(batchRows / rows);
    const byProducts = Math.floor((batchRows * productRows(network)) / products);
    return Math.max(1, Math.min(batchRows, Math.max(byRows, byProducts), Math.floor(operations / least)));
  };
  const many = Math.min(MOST_SHARDS, parts(leastPart));
  if (networkParameters(network).some(({ isBuffer }) => isBuffer)) return many;
  return Math.max(many, Math.min(2, parts(leastHalf)));
}
