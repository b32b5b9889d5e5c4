import { runProcess, setHeapGrowth } from '#libs/http-api';
import { runPlatform } from './run-platform.js';

setHeapGrowth('delivering');

/** The embedded PostgreSQL is told to stop however this process exits; only SIGKILL leaves it for the next start. */
await runProcess(runPlatform);
