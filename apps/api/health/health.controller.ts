import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Dependencies } from '../dependencies.js';
import { FailsOnly } from '../openapi/fails.js';
import { checkReadiness, readinessSchema } from './check-readiness.js';

const aliveSchema = z.strictObject({ status: z.literal('alive') });

/** For whatever starts and watches this process. Needs no token. */
@ApiTags('operation')
@Controller()
export class HealthController {
  constructor(private readonly dependencies: Dependencies) {}

  @Get('healthz')
  @ApiOperation({ summary: 'Whether the process is alive' })
  @ApiOkResponse({ description: 'It is', standardSchema: aliveSchema, example: { status: 'alive' } })
  alive(): z.infer<typeof aliveSchema> {
    return { status: 'alive' };
  }

  @Get('readyz')
  @HttpCode(200)
  @ApiOperation({ summary: 'Whether the engine and the artifact store answer' })
  @ApiOkResponse({
    description: 'Both do',
    standardSchema: readinessSchema,
    example: { ready: true, engine: 'answers', store: 'answers' },
  })
  @ApiServiceUnavailableResponse({
    description: 'One does not, and which',
    standardSchema: readinessSchema,
    example: {
      ready: false,
      engine: 'The Temporal server at 127.0.0.1:7233 does not answer.',
      store: 'answers',
    },
  })
  @FailsOnly('RateLimited')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof readinessSchema>> {
    const readiness = await checkReadiness(this.dependencies);
    if (!readiness.ready) reply.status(503);
    return readiness;
  }
}
