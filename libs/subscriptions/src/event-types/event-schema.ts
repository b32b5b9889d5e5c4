import { Ajv2020 } from 'ajv/dist/2020.js';
import { AppError, type FieldError } from '#libs/kernel';
import { schemaFault } from './schema-rules.js';

/** What is wrong with an event's data; empty when it fits its schema. */
export type EventValidator = (data: unknown) => readonly FieldError[];

/** Compiles the schema of an event type; `invalid_schema` says where a schema that we do not run is at fault. */
export function compileEventSchema(schema: unknown): EventValidator {
  const fault = schemaFault(schema);
  if (fault) throw invalidSchema(fault);
  // A compiler of its own: it keeps every schema it has seen, and goes with the validator.
  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    inlineRefs: false,
    addUsedSchema: false,
    logger: false,
  });
  try {
    const { $schema: _dialect, ...rules } = schema as Record<string, unknown>;
    const validate = ajv.compile(rules);
    return (data) => (validate(data) ? [] : (validate.errors ?? []).map(fieldError));
  } catch (error) {
    throw invalidSchema(error instanceof Error ? error.message : 'it cannot be compiled', error);
  }
}

function fieldError({ instancePath, message }: { instancePath: string; message?: string }): FieldError {
  return { field: `data${instancePath.replaceAll('/', '.')}`, message: message ?? 'does not fit the schema' };
}

function invalidSchema(message: string, cause?: unknown): AppError {
  return new AppError('invalid', 'invalid_schema', `The schema cannot be used: ${message}.`, {
    errors: [{ field: 'schema', message }],
    cause,
  });
}
