import { compileEventSchema, type EventValidator } from '../event-types/event-schema.js';

const MAX_COMPILED = 1_000;

/** Compiled schemas by their text: a schema is compiled when its first event comes, and survives reloads. */
export class SchemaCache {
  private readonly compiled = new Map<string, EventValidator>();

  validatorFor(text: string): EventValidator {
    const known = this.compiled.get(text);
    if (known) return known;
    const validator = compileEventSchema(JSON.parse(text));
    if (this.compiled.size >= MAX_COMPILED) this.compiled.clear();
    this.compiled.set(text, validator);
    return validator;
  }
}
