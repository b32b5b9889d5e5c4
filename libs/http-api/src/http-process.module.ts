import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { ObservabilityModule } from '#libs/observability';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

/** `/health/live`, `/health/ready`; whoever brings a dependency adds it to `Readiness`. */
@Global()
@Module({ controllers: [HealthController], providers: [Readiness], exports: [Readiness] })
export class HealthModule {}

/** One HTTP process: what it is for, and what every process has, once. */
@Module({})
export class HttpProcessModule {
  static of(root: DynamicModule | Type): DynamicModule {
    return { module: HttpProcessModule, imports: [ObservabilityModule, root, HealthModule] };
  }
}
