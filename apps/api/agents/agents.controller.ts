import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { agentManifestSchema } from '../../../libs/contracts/agent.js';
import { roster } from '../../../libs/roster/roster.js';
import { Fails } from '../openapi/fails.js';

const agentListSchema = z.strictObject({ agents: z.array(agentManifestSchema) });

@ApiTags('agents')
@Controller('v1/agents')
export class AgentsController {
  @Get()
  @ApiOperation({ summary: 'The agents that can be chosen for a run, by their manifests' })
  @ApiOkResponse({
    description: 'In the order of preference',
    standardSchema: agentListSchema,
    example: { agents: roster.slice(0, 1) },
  })
  @Fails()
  list(): z.infer<typeof agentListSchema> {
    return { agents: [...roster] };
  }
}
