import { applyDecorators } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Audited } from '../http/audit.interceptor.js';

/** One operation that clients of another system call; what changes something is written down as of ours. */
export function FacadeOperation(id: string, summary: string, effect: 'reads' | 'changes'): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: id, summary }),
    ...(effect === 'changes' ? [Audited(id)] : []),
  );
}
