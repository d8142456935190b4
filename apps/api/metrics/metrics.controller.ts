import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Dependencies } from '../dependencies.js';
import { Fails } from '../openapi/fails.js';

@ApiTags('operation')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly dependencies: Dependencies) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Figures of this process, in the Prometheus text format' })
  @ApiOkResponse({ description: 'Figures', content: { 'text/plain': { schema: { type: 'string' } } } })
  @Fails()
  read(): Promise<string> {
    return this.dependencies.metrics.registry.metrics();
  }
}
