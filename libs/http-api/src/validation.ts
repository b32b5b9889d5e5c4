import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { AppError, type FieldError } from '#libs/kernel';

/** More faults than these are not worth reading. */
const MAX_FAULTS = 50;
const UNKNOWN_FIELD = 'This field is not known here; remove it or check its spelling.';
const NOT_AN_OBJECT = 'Send a JSON object as body.';

/**
 * Checks every DTO. Faults of all fields are told together, by path; a value is never repeated. Unknown fields are
 * faults: a misspelt option that was ignored would be found much later.
 */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => validationFailed(fieldErrorsOf(errors)),
  });
}

export function validationFailed(errors: readonly FieldError[]): AppError {
  const fields = errors.length === 1 ? 'One field is' : `${errors.length} fields are`;
  return new AppError('invalid', 'validation_failed', `${fields} not usable; \`errors\` says why.`, {
    errors: errors.slice(0, MAX_FAULTS),
  });
}

/** class-validator's tree as a flat list of paths: `retry.scheduleSeconds[2]`. */
function fieldErrorsOf(errors: readonly ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap((error) => {
    const field = pathOf(parent, error.property);
    const own = Object.entries(error.constraints ?? {}).map(([rule, text]) => ({
      field,
      message: sentence(rule, text),
    }));
    return [...own, ...fieldErrorsOf(error.children ?? [], field)];
  });
}

function pathOf(parent: string, property: string | undefined): string {
  if (property === undefined) return parent;
  if (parent === '') return property;
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}

function sentence(rule: string, text: string): string {
  if (rule === 'whitelistValidation') return UNKNOWN_FIELD;
  if (rule === 'unknownValue' || (rule === 'isObject' && text.startsWith('Validation failed')))
    return NOT_AN_OBJECT;
  return text;
}
