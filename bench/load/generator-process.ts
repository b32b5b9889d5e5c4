import { answerCalls } from '../process/answering.js';
import { type PacedOrder, PacedRun } from './paced-run.js';
import { type SaturatingOrder, SaturatingRun } from './saturating-run.js';

/** Publishes as it is told; a process of its own, so that its CPU is known and nobody else's. */
let saturating: SaturatingRun | null = null;

answerCalls({
  paced: (order: PacedOrder) => new PacedRun(order).run(),
  saturate: (order: SaturatingOrder) => {
    saturating = new SaturatingRun(order);
  },
  progress: (delivered: number) => saturating?.progress(delivered),
  accepted: () => saturating?.soFar(),
  end: () => saturating?.end(),
});
