import { QueryFailedError } from 'typeorm';
import { AppError, type FieldError } from '#libs/kernel';

export function subscriptionNotFound(): AppError {
  return new AppError('not_found', 'subscription_not_found', 'There is no such subscription.');
}

export function versionMismatch(): AppError {
  const message =
    'The subscription has changed since you read it. Read it again and send its new ETag in If-Match.';
  return new AppError('precondition_failed', 'precondition_failed', message);
}

export function changedMeanwhile(): AppError {
  const message =
    'Another request changed the subscription while its URL was challenged; nothing was stored. Try again.';
  return new AppError('conflict', 'subscription_changed', message);
}

const TOO_MANY_CHOICES = 'subscription_earlier_choices_check';

/** What a refused change of a profile means to its caller; any other error as it is. */
export function asTooManyChoices(error: unknown): unknown {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : null;
  const isIt = cause instanceof Error && 'constraint' in cause && cause.constraint === TOO_MANY_CHOICES;
  if (!isIt) return error;
  const message =
    'Deliveries wait that were accepted under ten earlier profiles, and each is sent as it was accepted. ' +
    'Wait until they are sent, or make a new subscription with this profile.';
  return new AppError('conflict', 'too_many_profile_changes', message, { cause });
}

export function wrongStatus(code: string, message: string): AppError {
  return new AppError('conflict', code, message);
}

export function invalidFields(errors: readonly FieldError[]): AppError {
  const fields = [...new Set(errors.map(({ field }) => field))].join(', ');
  return new AppError('invalid', 'validation_failed', `Not usable: ${fields}; \`errors\` says why.`, {
    errors,
  });
}

export function unknownEventTypes(names: readonly string[]): AppError {
  const message = `Not known: ${names.join(', ')}. Create an event type first, or use a wildcard like area.*`;
  return new AppError('invalid', 'unknown_event_type', message, {
    errors: names.map((name) => ({ field: 'eventTypes', message: `${name} is not known` })),
  });
}

export function secretUnavailable(cause: unknown): AppError {
  const message =
    'The secret of this subscription cannot be decrypted. Rotate it, or give the platform its old key.';
  return new AppError('unavailable', 'signing_key_unavailable', message, { cause });
}
