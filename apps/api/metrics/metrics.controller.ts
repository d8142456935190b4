import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Fails } from '../openapi/fails.js';
import { HttpMetrics } from './http-metrics.js';

@ApiTags('operation')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: HttpMetrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Figures of this process, in the Prometheus text format' })
  @ApiOkResponse({ description: 'Figures', content: { 'text/plain': { schema: { type: 'string' } } } })
  @Fails()
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
