import type { OutboundResult } from '#libs/outbound-http';

/** Whether a receiver verifies signatures: refused a wrong one but took the right one, took both, or neither tells. */
export type ProbeVerdict = 'yes' | 'no' | 'unknown';

/** What the answers to a rightly and to a wrongly signed request say, given which answers count as taken. */
export function probeVerdict(
  right: OutboundResult,
  wrong: OutboundResult,
  isTaken: (result: OutboundResult) => boolean,
): ProbeVerdict {
  if (!isTaken(right)) return 'unknown';
  if (isTaken(wrong)) return 'no';
  return isRefusal(wrong) ? 'yes' : 'unknown';
}

/** A client error, or a connection closed without a word; a fault of the receiver or of the way says nothing. */
function isRefusal(result: OutboundResult): boolean {
  if (result.kind === 'failure')
    return result.errorType === 'no_response' || result.errorType === 'connect_reset';
  return result.status >= 400 && result.status < 500 && ![404, 408, 410, 429].includes(result.status);
}
