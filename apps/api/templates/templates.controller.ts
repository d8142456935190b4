import {
  applyDecorators,
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ErrorCode } from '../../../libs/protocol/errors.js';
import {
  analyseParallelism,
  type Parallelism,
  parallelismSchema,
} from '../../../libs/templates/graph/analyse-parallelism.js';
import { drawGraph } from '../../../libs/templates/graph/draw-graph.js';
import { listTemplates as listShipped } from '../../../libs/templates/load.js';
import { archiveTemplate, unarchiveTemplate } from '../../../libs/templates/registry/archive-template.js';
import { findRegistered } from '../../../libs/templates/registry/find-registered.js';
import { everyVersion } from '../../../libs/templates/registry/list-templates.js';
import { checkNewName, checkNewVersion } from '../../../libs/templates/registry/register-template.js';
import { seedTemplates } from '../../../libs/templates/registry/seed-templates.js';
import { templateJsonSchema } from '../../../libs/templates/schema/template-json-schema.js';
import { validateTemplate } from '../../../libs/templates/validate-template.js';
import { Dependencies } from '../dependencies.js';
import { toSchemaObject } from '../openapi/convert-schema.js';
import {
  createdTemplateExample,
  sourceExample,
  templateExample,
  validationExample,
} from '../openapi/examples.js';
import { Fails } from '../openapi/fails.js';
import { inputInvalid } from '../problems/problem-of.js';
import { idempotencyKey } from '../runs/idempotency-key.js';
import { pageOfTemplates } from './page-of-templates.js';
import { registerOnce } from './register-once.js';
import {
  type Archive,
  archiveSchema,
  type CreatedTemplate,
  createdTemplateSchema,
  referenceSchema,
  type Source,
  seededSchema,
  sourceSchema,
  type TemplateQuery,
  templateListSchema,
  templateNameSchema,
  templateQuerySchema,
  templateViewSchema,
  validationSchema,
  versionsSchema,
} from './template-schemas.js';

type TemplateView = z.infer<typeof templateViewSchema>;
type Versions = z.infer<typeof versionsSchema>;

const sourceBody = ApiBody({
  schema: toSchemaObject(sourceSchema, 'input'),
  examples: { template: { value: sourceExample } },
});
const archiveBody = ApiBody({
  schema: toSchemaObject(archiveSchema, 'input'),
  examples: { name: { value: {} }, version: { value: { version: '1.0.0' } } },
});
const nameParameter = ApiParam({ name: 'name', description: 'The name of a template' });
const referenceParameter = ApiParam({ name: 'name', description: 'A name, `name@version` or digest' });

/**
 * A route that registers the text of a template once per key.
 *
 * @param more errors of this route beside those that any of them has
 */
const Registers = (summary: string, ...more: readonly ErrorCode[]): MethodDecorator =>
  applyDecorators(
    HttpCode(201),
    ApiOperation({ summary }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'The same key with the same body has the same answer, with another body 409',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    sourceBody,
    ApiCreatedResponse({
      description: 'Registered; `warnings` is what may not be meant so',
      standardSchema: createdTemplateSchema,
      example: { template: createdTemplateExample, warnings: [] },
    }),
    Fails(
      'IdempotencyKeyMissing',
      'IdempotencyKeyReused',
      'InputInvalid',
      'JsonInvalid',
      'ContentTypeUnsupported',
      'BodyTooLarge',
      'TemplateInvalid',
      'TemplateExists',
      ...more,
    ),
  );

/** One that there is, because a made-up one would have to be kept like one. */
function shippedExample(): TemplateView | undefined {
  const [known] = listShipped();
  return (
    known && { ...known.template, digest: known.digest, origin: 'shipped', archived: false, createdAt: null }
  );
}

function parallelismExample(): Parallelism | undefined {
  const [known] = listShipped();
  return known && analyseParallelism(known.template);
}

@ApiTags('templates')
@Controller('v1/templates')
export class TemplatesController {
  constructor(private readonly dependencies: Dependencies) {}

  @Get()
  @ApiOperation({
    summary: 'The templates that runs can be started from',
    description:
      'Those that are shipped, and those of the tenant; of each the newest version that is not archived. ' +
      'With `archived=true` those that are archived.',
  })
  @ApiOkResponse({
    description: 'A page, by name; `next` is the cursor of the next one, or null',
    standardSchema: templateListSchema,
    example: { templates: [templateExample], next: null },
  })
  @Fails('InputInvalid')
  async list(
    @Query({ schema: templateQuerySchema }) query: TemplateQuery,
  ): Promise<z.infer<typeof templateListSchema>> {
    return await pageOfTemplates(this.dependencies.registry, query);
  }

  @Post()
  @Registers('Register a template under a new name')
  async create(
    @Body({ schema: sourceSchema }) { source }: Source,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<CreatedTemplate> {
    const { registry } = this.dependencies;
    return await registerOnce(registry, {
      request: { source },
      source,
      key: idempotencyKey(key),
      check: (template) => checkNewName(registry, template),
    });
  }

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Check the text of a template',
    description: 'It is stored nowhere. What is wrong is told with line and column, everything at once.',
  })
  @sourceBody
  @ApiOkResponse({
    description: 'What is wrong with it, and what may not be meant so',
    standardSchema: validationSchema,
    example: validationExample,
  })
  @Fails('InputInvalid', 'JsonInvalid', 'ContentTypeUnsupported', 'BodyTooLarge')
  validate(@Body({ schema: sourceSchema }) { source }: Source): z.infer<typeof validationSchema> {
    const { template, problems, warnings } = validateTemplate(source);
    return { valid: template !== null, problems: [...problems], warnings: [...warnings] };
  }

  @Post('seed')
  @HttpCode(200)
  @ApiOperation({ summary: 'Register the demo templates; those that are there stay as they are' })
  @ApiOkResponse({
    description: 'The demo templates',
    standardSchema: seededSchema,
    example: { templates: [createdTemplateExample] },
  })
  @Fails('TemplateExists', 'SetupIncomplete')
  async seed(): Promise<z.infer<typeof seededSchema>> {
    return { templates: await seedTemplates(this.dependencies.registry) };
  }

  @Get('schema')
  @ApiOperation({ summary: 'The JSON Schema of templates, for editors' })
  @ApiOkResponse({
    description: 'JSON Schema (2020-12)',
    standardSchema: z.record(z.string(), z.unknown()),
    example: { $id: 'urn:heptad:template', type: 'object' },
  })
  @Fails()
  schema(): Readonly<Record<string, unknown>> {
    return templateJsonSchema();
  }

  @Get(':name')
  @ApiOperation({ summary: 'A template in full, with the JSON Schema of its input' })
  @referenceParameter
  @ApiOkResponse({
    description: 'The template',
    standardSchema: templateViewSchema,
    example: shippedExample(),
  })
  @Fails('TemplateUnknown', 'InputInvalid', 'ArtifactUnknown', 'ArtifactCorrupt')
  async show(@Param('name', { schema: referenceSchema }) name: string): Promise<TemplateView> {
    const { template, listed } = await findRegistered(this.dependencies.registry, name);
    const { digest, origin, archived, createdAt } = listed;
    return { ...template, digest, origin, archived, createdAt };
  }

  @Get(':name/versions')
  @ApiOperation({ summary: 'Every version of a template' })
  @nameParameter
  @ApiOkResponse({
    description: 'Newest first; empty where there is no such template',
    standardSchema: versionsSchema,
    example: { versions: [createdTemplateExample] },
  })
  @Fails('InputInvalid')
  async versions(@Param('name', { schema: templateNameSchema }) name: string): Promise<Versions> {
    return { versions: await everyVersion(this.dependencies.registry, name) };
  }

  @Post(':name/versions')
  @nameParameter
  @Registers('Register a new version of a template, higher than all that there are', 'TemplateUnknown')
  async addVersion(
    @Param('name', { schema: templateNameSchema }) name: string,
    @Body({ schema: sourceSchema }) { source }: Source,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<CreatedTemplate> {
    const { registry } = this.dependencies;
    return await registerOnce(registry, {
      request: { name, source },
      source,
      key: idempotencyKey(key),
      check: async (template) => {
        if (template.name !== name)
          throw inputInvalid([
            { path: '/source', reason: `The template is called ${template.name}, and not ${name}.` },
          ]);
        await checkNewVersion(registry, template);
      },
    });
  }

  @Post(':name/archive')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Archive a version of a template, or all of it',
    description: 'It can still be read, and runs that follow it go on; none is started from it.',
  })
  @nameParameter
  @archiveBody
  @ApiOkResponse({
    description: 'Its versions as they are now',
    standardSchema: versionsSchema,
    example: { versions: [{ ...createdTemplateExample, archived: true }] },
  })
  @Fails('InputInvalid', 'JsonInvalid', 'ContentTypeUnsupported', 'BodyTooLarge', 'TemplateUnknown')
  async archive(
    @Param('name', { schema: templateNameSchema }) name: string,
    @Body({ schema: archiveSchema }) { version }: Archive,
  ): Promise<Versions> {
    return { versions: await archiveTemplate(this.dependencies.registry, name, version) };
  }

  @Post(':name/unarchive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take an archived version of a template, or all of it, back into use' })
  @nameParameter
  @archiveBody
  @ApiOkResponse({
    description: 'Its versions as they are now',
    standardSchema: versionsSchema,
    example: { versions: [createdTemplateExample] },
  })
  @Fails('InputInvalid', 'JsonInvalid', 'ContentTypeUnsupported', 'BodyTooLarge', 'TemplateUnknown')
  async unarchive(
    @Param('name', { schema: templateNameSchema }) name: string,
    @Body({ schema: archiveSchema }) { version }: Archive,
  ): Promise<Versions> {
    return { versions: await unarchiveTemplate(this.dependencies.registry, name, version) };
  }

  @Get(':name/parallelism')
  @ApiOperation({ summary: 'What of a template can run at once, and what that gains' })
  @referenceParameter
  @ApiOkResponse({
    description: 'Times in milliseconds; see docs/reference/templates.md',
    standardSchema: parallelismSchema,
    example: parallelismExample(),
  })
  @Fails('TemplateUnknown', 'InputInvalid', 'ArtifactUnknown', 'ArtifactCorrupt')
  async parallelism(@Param('name', { schema: referenceSchema }) name: string): Promise<Parallelism> {
    const { template } = await findRegistered(this.dependencies.registry, name);
    return analyseParallelism(template);
  }

  @Get(':name/graph.svg')
  @ApiOperation({ summary: 'The graph of a template as a picture' })
  @referenceParameter
  @ApiOkResponse({ description: 'SVG', content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  @Fails('TemplateUnknown', 'InputInvalid', 'ArtifactUnknown', 'ArtifactCorrupt', 'TimedOut')
  async graph(
    @Param('name', { schema: referenceSchema }) name: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { template } = await findRegistered(this.dependencies.registry, name);
    const svg = await drawGraph(template);
    // Its texts are somebody's; the picture may show them and nothing else.
    await reply
      .headers({
        'content-type': 'image/svg+xml',
        'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      })
      .send(svg);
  }
}
