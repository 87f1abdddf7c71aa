import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { App } from '../context.ts';

/**
 * The page to try the model at `/docs`. It takes nothing from other servers, and its content security policy lets it take nothing; its
 * document is made anew for each reading, since another version of the model may be served by then. Its files are
 * only loaded when somebody first asks for them, which keeps them out of the server's start.
 */
export function addDocsPage(app: App, document: () => object): void {
  let page: Promise<App> | undefined;
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    page ??= docsApp(document);
    const { statusCode, headers, rawPayload } = await (await page).inject({
      method: 'GET',
      url: request.url,
    });
    const { connection: _, 'keep-alive': __, ...rest } = headers;
    return reply.code(statusCode).headers(rest).send(rawPayload);
  };
  app.get('/docs', answer);
  app.get('/docs/*', answer);
  app.addHook('onClose', async () => {
    await (await page)?.close();
  });
}

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="0" y="29" fill="#fff" ' +
  'font-family="sans-serif" font-size="26" font-weight="600">heddle</text></svg>';

/** The page as a server of its own that listens nowhere. */
async function docsApp(document: () => object): Promise<App> {
  const { default: swaggerUi } = await import('@fastify/swagger-ui');
  const { default: swagger } = await import('@fastify/swagger');
  const app = fastify() as unknown as App;
  await app.register(swagger, {
    mode: 'static',
    specification: { document: { openapi: '3.1.0', info: { title: '', version: '' }, paths: {} } },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: {
      'default-src': ["'self'"],
      'base-uri': ["'self'"],
      'connect-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'object-src': ["'none'"],
      'frame-ancestors': ["'none'"],
      'form-action': ["'none'"],
      'script-src': ["'self'"],
      // The page sets styles of its elements; under the other rules a style cannot fetch from elsewhere.
      'style-src': ["'self'", "'unsafe-inline'"],
    },
    theme: { title: 'heddle' },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO) },
    transformSpecification: document as () => Record<string, unknown>,
    transformSpecificationClone: false,
    uiConfig: { docExpansion: 'list', deepLinking: true, tryItOutEnabled: true, persistAuthorization: false },
  });
  return app;
}
