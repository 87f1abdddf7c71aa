import type { Network } from '../network.ts';
import { networkOperations, productRows } from '../predict/network-operations.ts';

/** Operations of a batch for which another shard pays, and rows that a shard has at least. */
const SHARD_OPERATIONS = 64e6;
const SHARD_ROWS = 32;
/** Rows of products that a shard has at least where one example is many, as a sequence is. */
const SHARD_PRODUCT_ROWS = 384;
const MOST_SHARDS = 4;

/** Into how many parts a batch is divided unless it is said: by the work of a batch, never by the threads, on which results may not depend. */
export function defaultShards(network: Network, batchRows: number): number {
  // Forward once, and backward twice as much.
  const operations = 3 * networkOperations(network) * batchRows;
  const byRows = Math.floor(batchRows / SHARD_ROWS);
  const byProducts = Math.floor((batchRows * productRows(network)) / SHARD_PRODUCT_ROWS);
  const most = Math.min(MOST_SHARDS, batchRows, Math.max(byRows, byProducts));
  return Math.max(1, Math.min(most, Math.floor(operations / SHARD_OPERATIONS)));
}
