export { type Stage, useStage, type Visit } from './stage.js';
