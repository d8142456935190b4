import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsController } from './agents/agents.controller.js';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import { Dependencies } from './dependencies.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProblemsController } from './problems/problems.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { RunsSteeringController } from './runs/runs-steering.controller.js';
import { TemplatesController } from './templates/templates.controller.js';

/** The whole API: a controller per noun, and one more for what runs are asked, over the same dependencies. */
export const apiModule = (dependencies: Dependencies): DynamicModule => ({
  module: ApiModule,
  controllers: [
    RunsController,
    RunsSteeringController,
    ArtifactsController,
    TemplatesController,
    AgentsController,
    HealthController,
    MetricsController,
    ProblemsController,
  ],
  providers: [{ provide: Dependencies, useValue: dependencies }],
});

@Module({})
class ApiModule {}
