import { headerOf, jsonAnswer } from '../request.js';
import type { Sender } from '../sender.js';
import { readBodySigned } from './body-hmac.js';
import { echo } from './echo.js';
import { keysOf } from './secrets.js';

export interface SmartsheetOptions {
  readonly secrets: readonly string[];
}

/** Smartsheet's shape: a header that is repeated, and `Smartsheet-Hmac-SHA256` over the body. */
export function smartsheet({ secrets }: SmartsheetOptions): Sender {
  const keys = keysOf(secrets);
  return {
    name: 'smartsheet',
    read: (request) => {
      const code = headerOf(request, 'smartsheet-hook-challenge');
      if (code !== undefined) return echo(code, (text) => jsonAnswer({ smartsheetHookResponse: text }));
      return readBodySigned(request, { header: 'smartsheet-hmac-sha256', encoding: 'hex', keys });
    },
  };
}
