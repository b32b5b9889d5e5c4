/** Writes .env.example from the settings' own descriptions. Run it after `npm run build` when a setting changed. */
import { writeFile } from 'node:fs/promises';
import { envExample } from '../dist/libs/config/src/index.js';

await writeFile(new URL('../.env.example', import.meta.url), envExample());
