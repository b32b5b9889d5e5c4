import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isEventTypeName, isEventTypeWildcard } from '#libs/events';

/** An event type, `area.*` or `*`. */
export function IsEventTypePattern(options: ValidationOptions): PropertyDecorator {
  const validator = {
    validate: (value: unknown) =>
      typeof value === 'string' && (isEventTypeName(value) || isEventTypeWildcard(value)),
    defaultMessage: () => '$property must hold names like guestbook.entry.created, guestbook.* or *',
  };
  return ValidateBy({ name: 'isEventTypePattern', validator }, options);
}
