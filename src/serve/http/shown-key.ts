import type { IncomingHttpHeaders } from 'node:http';

/** The key that a client shows: `Authorization: Bearer KEY` or `X-API-Key: KEY`. */
export function shownKey(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-api-key'];
  if (typeof own === 'string') return own;
  const { authorization } = headers;
  return authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}
