import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { digestSchema } from '../../../libs/contracts/artifact.js';
import { templateSchema } from '../../../libs/contracts/template.js';
import { findTemplate, listTemplates } from '../../../libs/templates/load.js';
import { templateExample } from '../openapi/examples.js';
import { Fails } from '../openapi/fails.js';

const templateEntrySchema = templateSchema
  .pick({ name: true, version: true, title: true, description: true })
  .extend({ digest: digestSchema });
const templateListSchema = z.strictObject({ templates: z.array(templateEntrySchema) });
const templateViewSchema = templateSchema.extend({ digest: digestSchema });

/** A name, or `name@version`. */
const referenceSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}(@\d+\.\d+\.\d+)?$/, 'Expected a name, or name@version.');

/** One that there is, because a made-up one would have to be kept like one. */
function shippedExample(): z.infer<typeof templateViewSchema> | undefined {
  const [known] = listTemplates();
  return known && { ...known.template, digest: known.digest };
}

@ApiTags('templates')
@Controller('v1/templates')
export class TemplatesController {
  @Get()
  @ApiOperation({ summary: 'The templates that runs can be started from' })
  @ApiOkResponse({
    description: 'By name, newest version first',
    standardSchema: templateListSchema,
    example: { templates: [templateExample] },
  })
  @Fails()
  list(): z.infer<typeof templateListSchema> {
    return {
      templates: listTemplates().map(({ template: { name, version, title, description }, digest }) => ({
        name,
        version,
        title,
        description,
        digest,
      })),
    };
  }

  @Get(':name')
  @ApiOperation({ summary: 'A template in full, with the JSON Schema of its input' })
  @ApiOkResponse({
    description: 'The template',
    standardSchema: templateViewSchema,
    example: shippedExample(),
  })
  @Fails('TemplateUnknown', 'InputInvalid')
  show(@Param('name', { schema: referenceSchema }) name: string): z.infer<typeof templateViewSchema> {
    const { template, digest } = findTemplate(name);
    return { ...template, digest };
  }
}
