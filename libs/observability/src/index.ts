export { createLogger, type LoggerOptions } from './create-logger.js';
export { MetricsRegistry } from './metrics.registry.js';
export { NestLogger } from './nest-logger.js';
export { ObservabilityModule } from './observability.module.js';
