export { type Mode, MODES, Platform, type PlatformOptions } from './platform.js';
