import type { ErrorJson } from '../core/errors.ts';

/** From the caller's thread to a coordinator. */
export type ToCoordinator =
  | {
      readonly type: 'run';
      readonly module: string;
      readonly name: string;
      readonly payload: unknown;
      readonly threads: number;
      /** Bytes of shared memory in the payload that this coordinator has not been sent before. */
      readonly newBytes: number;
      /** Element 0 becomes 1 when the job is to stop, element 1 when it runs native code. */
      readonly stop: Int32Array;
    }
  | {
      readonly type: 'answer';
      readonly call: number;
      readonly value?: unknown;
      readonly error?: ErrorJson;
    };

/** From a coordinator to the caller's thread. */
export type FromCoordinator =
  | { readonly type: 'progress'; readonly fraction: number; readonly message: string | undefined }
  | { readonly type: 'warning'; readonly code: string; readonly message: string }
  | { readonly type: 'call'; readonly call: number; readonly name: string; readonly values: unknown[] }
  | { readonly type: 'done'; readonly result: unknown; readonly memoryBytes: number }
  | { readonly type: 'failed'; readonly error: ErrorJson; readonly memoryBytes: number };
