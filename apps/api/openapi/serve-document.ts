import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { problemSchema } from '../../../libs/contracts/problem.js';
import { convertSchema, toSchemaObject } from './convert-schema.js';
import { problemResponses } from './fails.js';

const description = `Starts, follows and steers runs, and hands out their evidence.

Errors are \`application/problem+json\` with a code of the one table of errors. Where the service is reached from other
machines, each request carries \`Authorization: Bearer TOKEN\`.`;

/** Serves the OpenAPI document of the routes that there are at `/openapi.json`. */
export function serveDocument(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', async (_request, reply) => {
      document ??= describe(app);
      return reply.type('application/json').send(document);
    });
}

function describe(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Heptad')
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'token')
    .addSecurityRequirements('token')
    .addTag('runs', 'What was asked, how it goes, and how it is steered')
    .addTag('artifacts', 'Bytes by their SHA-256')
    .addTag('templates', 'Processes that can be run')
    .addTag('agents', 'Who can work on a run')
    .addTag('operation', 'The service itself')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: convertSchema,
    // By the noun, whichever of its controllers has the route.
    operationIdFactory: (controller, method) =>
      `${controller.replace(/(Steering)?Controller$/, '').toLowerCase()}.${method}`,
  });
  return {
    ...document,
    paths: { ...document.paths, '/openapi.json': { get: self } },
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: toSchemaObject(problemSchema, 'output') },
    },
  };
}

const self: NonNullable<OpenAPIObject['paths'][string]['get']> = {
  operationId: 'openapi.read',
  summary: 'This document',
  tags: ['operation'],
  responses: {
    200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
    ...Object.fromEntries(problemResponses([])),
  },
};
