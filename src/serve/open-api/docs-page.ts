import type { App } from '../context.ts';

/**
 * The page to try the model at `/docs`. It takes nothing from other servers, and its content security policy lets it take nothing; its
 * document is made anew for each reading, since another version of the model may be served by then.
 */
export async function addDocsPage(app: App, document: () => object): Promise<void> {
  const { default: swaggerUi } = await import('@fastify/swagger-ui');
  const { default: swagger } = await import('@fastify/swagger');
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
      // The page sets styles of its elements; a style cannot fetch from elsewhere under the other rules.
      'style-src': ["'self'", "'unsafe-inline'"],
    },
    transformSpecification: document as () => Record<string, unknown>,
    transformSpecificationClone: false,
    uiConfig: { docExpansion: 'list', deepLinking: true, tryItOutEnabled: true, persistAuthorization: false },
  });
}
