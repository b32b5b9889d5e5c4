import './env.dto.js';
import { allSettings } from './setting.js';

/** The text of `.env.example`: every variable, commented out, with its description. */
export function envExample(): string {
  const entries = allSettings().map(
    ({ name, description, defaultValue }) => `# ${description}\n#${name}=${defaultValue ?? ''}\n`,
  );
  return `# Settings of Bellhop. Nothing needs to be set for a first start.\n\n${entries.join('\n')}`;
}
