/** `heddle/serve`: a model over HTTP. */
export { addKey, removeKey } from './keys/key-file.ts';
export type { ServeOptions } from './options.ts';
export { type Server, serve } from './serve.ts';
