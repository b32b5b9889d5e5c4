import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The arguments cannot be used; the message says why. */
export class OptionsError extends Error {}

type Known = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Known> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; strict: true }>
>['values'];

/** What was given of the options that a command knows. Throws `OptionsError` for anything else. */
export function parseOptions<const O extends Known>(args: readonly string[], options: O): Values<O> {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new OptionsError((error as Error).message);
  }
}
